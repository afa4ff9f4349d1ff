import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { emailReference } from '../../dist/core/adapters/email-reference.js';
import { SENDGRID_ACCOUNT } from '../../dist/providers/sendgrid/sendgrid-account.js';
import { ask, spread, startPostgres, startServer } from '../support.js';

const SERVER = path.join(import.meta.dirname, '../../dist/cli.js');
const EVENTS = 1_000;
/** How often each batch is posted a round, before and while it counts. */
const [WARM, COUNTED] = [3, 10];
const LIFE = ['processed', 'delivered', 'open', 'click'];

/** What a batch tells of: so many emails, each with as many events as make the batch full. */
const BATCHES = { 'of 1,000 emails': 1_000, 'of 250 emails': 250, 'of emails never heard of': 0 };

/** SendGrid's Event Webhook, one signed batch after the other: the time from the request to its answer, and its repetition's. */
export async function bench({ rounds }) {
  const postgres = await startPostgres();
  const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const times = {};
  try {
    for (let round = 0; round < rounds; round++) {
      await measure(postgres, keys, times);
      for (const [name, list] of Object.entries(times))
        console.error(`round ${round + 1}/${rounds}  ${name.padEnd(36)} ${spread(list.slice(-COUNTED))} ms`);
    }
  } finally {
    await postgres.stop();
  }
  console.log(`\nms from request to answer, ${EVENTS} events a batch: median (lowest–highest)`);
  for (const [name, list] of Object.entries(times)) console.log(name.padEnd(36) + spread(list));
}

async function measure(postgres, { privateKey, publicKey }, times) {
  const database = await postgres.createDatabase();
  const server = await startServer(SERVER, ['start'], {
    DATABASE_URL: database.url,
    SENDGRID_WEBHOOK_KEY: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  });
  const client = new pg.Client(database.url);
  const post = (body) => postSigned(server.url, privateKey, body);
  try {
    await client.connect();
    await ask(server.url, 'mutation { createOrganization(name: "bench", id: "bench") { id } }');
    for (let i = 0; i < WARM + COUNTED; i++)
      for (const [name, emails] of Object.entries(BATCHES)) {
        const body = JSON.stringify(eventsOf(await sentEmails(client, emails)));
        const [first, again] = [await post(body), await post(body)];
        if (i < WARM) continue;
        (times[name] ??= []).push(first);
        if (emails) (times[`${name}, again`] ??= []).push(again);
      }
  } finally {
    await client.end();
    await server.stop();
    await database.drop();
  }
}

async function postSigned(url, privateKey, body) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': createSign('sha256').update(timestamp).update(body).sign(privateKey, 'base64'),
  };
  const start = performance.now();
  const response = await fetch(`${url}/api/webhooks/email/sendgrid`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return performance.now() - start;
}

/** A full batch, shuffled as SendGrid's are: some is said of each email before all is said of any. */
function eventsOf(emails) {
  const of = emails.length ? emails : Array.from({ length: EVENTS }, () => emailOf());
  const each = EVENTS / of.length;
  return Array.from({ length: each }, (_, n) => LIFE[each === 1 ? 1 : n]).flatMap((event, n) =>
    of.map(({ to, externalId }, i) => ({
      email: to,
      timestamp: Math.floor(Date.now() / 1000) + 1 + n,
      event,
      sg_event_id: randomUUID().replaceAll('-', ''),
      sg_message_id: `${externalId}.recvd-6f8c8c7b5d-x7k9p-1-65F2D3A1-${i.toString(16)}.0`,
      'smtp-id': `<${externalId}@geopod-ismtpd-4>`,
      ip: '203.0.113.10',
      category: ['bench'],
      ...(event === 'delivered' && { response: '250 2.0.0 OK  1700000000 a1-20020a', tls: 1 }),
      ...(event === 'click' && { url: 'https://example.com/offer?id=1', url_offset: { index: 0, type: 'html' } }),
      ...((event === 'open' || event === 'click') && { useragent: 'Mozilla/5.0 (X11; Linux x86_64)' }),
    })),
  );
}

const emailOf = () => ({
  id: randomUUID(),
  contactId: randomUUID(),
  eventId: randomUUID(),
  externalId: randomUUID().replaceAll('-', '').slice(0, 22),
  to: `${randomUUID()}@example.com`,
});

/** As a send leaves them once SendGrid took them. */
async function sentEmails(client, count) {
  const emails = Array.from({ length: count }, emailOf).map((email, i) => ({
    ...email,
    n: i + 1,
    reference: emailReference(email.externalId, email.to),
  }));
  if (!count) return emails;
  await client.query(
    `with head as (update feed_head set seq = seq + $2 where organization_id = 'bench' returning seq - $2 as base),
     rows as (select x.*, base + n as seq from json_to_recordset($1::json) as x(id uuid, "eventId" uuid, "contactId" uuid, n int, "externalId" text, "to" text, reference text), head),
     activities as (insert into activity (id, organization_id, channel, provider, external_id, direction, status, revision, origin, "from", "to", subject, body, milestones, metadata,
         provenance, occurred_at, occurred_at_estimated, created_at, updated_at, created_seq, created_event_id, contact_id)
       select id, 'bench', 'EMAIL', 'SENDGRID', "externalId", 'OUTBOUND', 'SENT', 1, 'API', 'us@bench.example', "to", 'Your order', 'It is on its way.',
         jsonb_build_object('SENT', jsonb_build_array((extract(epoch from now()) * 1000)::bigint, 0)), '{}', '{"orders":["07  api/sent"],"fields":{}}', now(), false, now(), now(),
         seq, "eventId", "contactId" from rows),
     contacts as (insert into contact (id, organization_id, created_at) select "contactId", 'bench', now() from rows),
     identities as (insert into contact_identity (organization_id, kind, value, contact_id) select 'bench', 'EMAIL', "to", "contactId" from rows),
     events as (insert into event (organization_id, seq, id, activity_id, channel, key, kind, status, occurred_at, occurred_at_estimated, received_at, metadata)
       select 'bench', seq, "eventId", id, 'EMAIL', 'api/sent', 'CREATED', 'SENT', now(), false, now(), '{}' from rows)
     insert into reference (provider, account_id, value, organization_id, activity_id) select 'SENDGRID', $3, reference, 'bench', id from rows`,
    [JSON.stringify(emails), count, SENDGRID_ACCOUNT],
  );
  return emails;
}
