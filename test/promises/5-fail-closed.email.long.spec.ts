import { randomBytes, randomUUID } from 'node:crypto';
import net from 'node:net';
import { createKey } from '../factories/organization.js';
import { FORM, formOf, INBOUND, inboundMail, makeKeys, sendGridEvents } from '../factories/sendgrid.js';
import { insertSentEmails } from '../factories/sent-email.js';
import { takeAway } from '../support/database.js';
import { allActivities, ask, deliveries } from '../support/graphql.js';
import { deliver, post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const KEYS = makeKeys();
const TOKEN = randomBytes(16).toString('hex');
const US = 'soporte@norte.example';

const mail = (to = US, text = 'hola') => ({
  headers: `Message-ID: <${randomUUID()}@mail.cliente.example>\r\nFrom: Ana <ana@cliente.example>\r\n`,
  subject: 'asunto',
  text,
  envelope: JSON.stringify({ to: [to], from: 'ana@cliente.example' }),
});
const unsigned = (query: string) => ({ method: 'POST', path: INBOUND + query, headers: { 'content-type': FORM }, body: formOf(mail()) });

describe('Emails that come in', () => {
  let server: ServerProcess;
  let key: string;
  beforeAll(async () => {
    const env = { SENDGRID_WEBHOOK_KEY: KEYS.publicKey, SENDGRID_INBOUND_TOKEN: TOKEN, DEBUG: 'webhook:*', LOG_LEVEL: 'info' };
    server = await ServerProcess.start({ env: { ...env, RATE_LIMIT_REFUSED: '1/3' } });
    await ask(server, server.adminKey, 'mutation { createOrganization(id: "norte", name: "norte") { id } }');
    key = await createKey(server, 'norte');
    await createEmailSender('norte.example');
  });
  afterAll(() => server.dispose());

  const createEmailSender = (address: string) =>
    ask(server, server.adminKey, 'mutation($a: String!) { createSender(organizationId: "norte", channel: EMAIL, address: $a) { id } }', {
      a: address,
    });
  const activities = () =>
    allActivities(server, key, 'norte', 'id channel direction to subject body html attachments { contentType sizeBytes }');

  it('are let in without a signature where their address brings the token, which is kept and logged nowhere', async () => {
    expect((await post(server, unsigned(`?a=1&token=${TOKEN}&b=2`))).status).toBe(204);
    const rows = await server.database.query<{ url: string; everything: string }>('select url, delivery::text as everything from delivery');
    expect(rows.map(({ url }) => url)).toEqual([`${INBOUND}?a=1&b=2`]);
    expect(rows[0]!.everything).not.toContain(TOKEN);
    await until(() => server.printed.includes('webhook.verified'));
    expect(server.printed).not.toContain(TOKEN);
  });

  it('of 30 MB are stored with their file, and what is larger than any is 413', async () => {
    const content = randomBytes(30 << 20);
    const file = { fileName: 'grande.bin', type: 'application/octet-stream', content };
    expect((await post(server, inboundMail(KEYS, { ...mail(US, 'grande'), attachment1: file }))).status).toBe(204);
    const found = (await activities()).find(({ body }) => body === 'grande');
    expect(found.attachments).toEqual([{ contentType: 'application/octet-stream', sizeBytes: content.length }]);
    const [kept] = await server.database.query<{ same: boolean }>(
      `select position($1::bytea in body) > 0 as same from delivery where octet_length(body) > 1000000`,
      [content.subarray(-100)],
    );
    expect(kept).toEqual({ same: true });
    const tooLarge = { ...file, content: Buffer.alloc((40 << 20) + 1) };
    expect((await post(server, inboundMail(KEYS, { ...mail(), attachment1: tooLarge }))).status).toBe(413);
    // Elsewhere the usual limit holds.
    expect((await post(server, sendGridEvents(KEYS, ['x'.repeat(3 << 20)]))).status).toBe(413);
  });

  it('are taken with a slash behind the address, which somebody may paste', async () => {
    const slashed = { ...inboundMail(KEYS, mail(US, 'con barra')), path: `${INBOUND}/` };
    expect((await post(server, slashed)).status).toBe(204);
    expect((await activities()).filter(({ body }) => body === 'con barra')).toHaveLength(1);
  });

  it('of tens of megabytes are read as long as there is room: another is 503, to be sent again, and small ones go on', async () => {
    const head = `POST ${INBOUND} HTTP/1.1\r\nHost: hub\r\nContent-Type: ${FORM}\r\nContent-Length: ${40 << 20}\r\n\r\n`;
    const holders = (n: number) =>
      Array.from({ length: n }, () => {
        const socket = net.connect(server.port, '127.0.0.1');
        socket.on('error', () => undefined).write(head);
        return socket;
      });
    const large = async () => {
      const mailOf35 = { ...mail(US, 'grande'), attachment1: { type: 'a/b', content: Buffer.alloc(35 << 20) } };
      return (await post(server, inboundMail(KEYS, mailOf35))).status;
    };
    // Who only says that much is to come takes no room.
    const idle = holders(12);
    expect(await large()).toBe(204);
    const busy = holders(6);
    const bytes = Buffer.alloc((40 << 20) - 1);
    await Promise.all(busy.map((socket) => new Promise((done) => socket.write(bytes, done))));
    await until(async () => (await large().catch(() => 0)) === 503, { what: 'a mail that finds no room' });
    expect((await post(server, inboundMail(KEYS, mail(US, 'pequeño')))).status).toBe(204);
    // Whoever takes for ever gives way.
    await until(async () => (await large().catch(() => 0)) === 204, { what: 'a mail that finds room', ms: 20_000 });
    for (const socket of [...idle, ...busy]) socket.destroy();
    expect(await large()).toBe(204);
  });

  it('that nobody here received wait for their sender, beside a recipient that is ours', async () => {
    const later = `${randomUUID()}@sur.example`;
    const both = { ...mail(), text: 'a dos', envelope: JSON.stringify({ to: [US, later] }) };
    expect((await post(server, inboundMail(KEYS, both))).status).toBe(204);
    const [kept] = await deliveries(server, { states: ['PARTIAL'] });
    expect([kept.problems.length, kept.activities.length]).toEqual([1, 1]);
    await createEmailSender(later);
    const received = (await activities()).filter(({ body }) => body === 'a dos');
    expect(received.map(({ to }) => to).sort()).toEqual([US, later].sort());
  });

  it('that are no form are kept as FAILED and answered 2xx: SendGrid would drop them at a 4xx', async () => {
    const { headers } = inboundMail(KEYS, {});
    const broken = { ...inboundMail(KEYS, {}), headers: { ...headers, 'content-type': 'multipart/form-data' } };
    expect((await post(server, broken)).status).toBe(204);
    expect((await deliveries(server, { states: ['FAILED'] })).length).toBe(1);
  });

  it('while the database is away are 503', async () => {
    const request = inboundMail(KEYS, mail(US, 'después'));
    const giveBack = await takeAway(server.database);
    expect((await post(server, request).finally(giveBack)).status).toBe(503);
    expect((await deliver(server, request)).status).toBe(204);
    expect((await activities()).filter(({ body }) => body === 'después')).toHaveLength(1);
  });

  it('are 503, never 4xx, where SendGrid is off or unknown; its events are 404', async () => {
    const off = await ServerProcess.start({ besides: server });
    try {
      const doors = ['', '/inbound'].map((door) => `/api/webhooks/email/sendgrid${door}`);
      const answers = await Promise.all(doors.map((path) => post(off, { ...unsigned(''), path })));
      expect(answers.map(({ status }) => status)).toEqual([404, 503]);
      expect(answers[1]!.text).toContain('SENDGRID_WEBHOOK_KEY or SENDGRID_INBOUND_TOKEN');
      expect((await post(off, { ...unsigned(''), path: '/api/webhooks/email/twilio/inbound' })).status).toBe(503);
      const told = await Promise.all(
        doors.map((path) => fetch(off.url + path).then((answer) => answer.json() as Promise<{ configured: boolean }>)),
      );
      expect(told.map(({ configured }) => configured)).toEqual([false, false]);
    } finally {
      await off.stop();
    }
  });

  it('a token alone opens the door for mails, and not the one for events', async () => {
    const open = await ServerProcess.start({ besides: server, env: { SENDGRID_INBOUND_TOKEN: TOKEN } });
    try {
      expect((await post(open, unsigned(`?token=${TOKEN}`))).status).toBe(204);
      expect((await post(open, sendGridEvents(KEYS, []))).status).toBe(404);
    } finally {
      await open.stop();
    }
  });

  it('that are forged are 403, with what to do, and 503 where they come too often', async () => {
    const forged = ['', '?token=', `?token=${TOKEN.slice(1)}`, `?Token=${TOKEN}`].map(unsigned);
    const answers = [];
    for (const request of forged) answers.push(await post(server, request));
    expect(answers[0]).toMatchObject({ status: 403, text: expect.stringContaining('security policy') });
    for (const answer of answers.slice(1, 3)) expect(answer.text).toContain('is not SENDGRID_INBOUND_TOKEN');
    for (let i = 0; i < 20; i++) answers.push(await post(server, unsigned('')));
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([403, 503]);
    expect(answers.at(-1)!.retryAfter).toMatch(/^\d+$/);
    expect((await post(server, sendGridEvents(makeKeys(), []))).status).toBe(429);
  });
});

describe('A batch of 1,000 events', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ env: { SENDGRID_WEBHOOK_KEY: KEYS.publicKey } });
    await ask(server, server.adminKey, 'mutation { createOrganization(id: "norte", name: "norte") { id } }');
  });
  afterAll(() => server.dispose());

  it('is one transaction, and posted twice is recorded once', async () => {
    const emails = Array.from({ length: 1_000 }, (_, i) => ({
      id: randomUUID(),
      organization: 'norte',
      externalId: randomBytes(16).toString('base64url'),
      from: 'hola@norte.example',
      to: `p${i}@cliente.example`,
    }));
    await insertSentEmails(server.database, emails);
    const events = emails.map(({ id, externalId, to }, i) => ({
      email: to,
      event: ['processed', 'delivered', 'open', 'click'][i % 4],
      timestamp: Math.floor(Date.now() / 1000),
      sg_event_id: randomUUID(),
      sg_message_id: `${externalId}.recvd-1-2.0`,
      ...(i % 2 && { centralita_activity: id }),
    }));
    for (let i = 0; i < 2; i++) expect((await post(server, sendGridEvents(KEYS, events))).status).toBe(204);
    const written = await server.database.query(
      `select count(*)::int as n, count(distinct event.xmin::text)::int as transactions from event where delivery_id is not null`,
    );
    expect(written).toEqual([{ n: 1_000, transactions: 1 }]);
    const statuses = await server.database.query(
      `select status, count(*)::int as n from activity where revision = 2 group by status order by status`,
    );
    expect(statuses).toEqual(['CLICKED', 'DELIVERED', 'OPENED', 'PROCESSED'].map((status) => ({ status, n: 250 })));
    expect((await deliveries(server)).map(({ state }) => state)).toEqual(['DUPLICATE', 'PROCESSED']);
  });
});
