import { randomUUID } from 'node:crypto';
import { createKey } from '../factories/organization.js';
import { sendGridEvents } from '../factories/sendgrid.js';
import { CANCEL, LATER, newNumber, newRecipient, send, TOO_MUCH } from '../factories/sends.js';
import { startContentWorld } from '../support/content-world.js';
import { FeedClient } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { PNG } from '../support/media-host.js';
import { activityOf, heardOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { deliver } from '../support/post.js';
import { until } from '../support/until.js';

const { server, standIn, norte, sendGridKeys, sendability, uploaded, fetched, parametersOf } = await startContentWorld();

describe('What was sent, or was to be, when the person is erased', () => {
  const erase = async (activityId: string) => {
    const [row] = await server.database.query<{ id: string }>('select contact_id as id from activity where id = $1', [activityId]);
    expect(await ask(server, norte.key, 'mutation($id: ID!) { eraseContact(id: $id) }', { id: row!.id })).toEqual({ eraseContact: true });
  };
  const shellOf = (id: string) => server.database.query('select "to", body, metadata, contact_id from activity where id = $1', [id]);
  const SHELL = [{ to: '', body: null, metadata: {}, contact_id: null }];
  /** One whose attempt had begun is looked for in the provider's list, so that it does not come back from there. */
  const GONE = { content: {}, state: expect.stringMatching(/^(ENDED|UNKNOWN)$/) };
  const keptOf = async (id: string) =>
    (await server.database.query('select content, state from send_item where activity_id = $1', [id]))[0];
  /** Those of all tables that say the address somewhere. */
  const tablesNaming = async (address: string) => {
    const tables = await server.database.query<{ name: string }>(
      "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by tablename",
    );
    const named = await Promise.all(
      tables.map(({ name }) => server.database.query(`select from ${name} as one where one::text like $1 limit 1`, [`%${address}%`])),
    );
    return tables.flatMap(({ name }, i) => (named[i]!.length ? [name] : []));
  };
  const stored = async (uploadId: string) => (await server.database.query('select from media_object where id = $1', [uploadId])).length;

  it('what is scheduled never leaves, files go, and what others were sent stays', async () => {
    const [ana, blas] = [newNumber(), newNumber()];
    const [own, shared] = [await uploaded(PNG, 'image/png'), await uploaded(PNG, 'image/png')];
    const input = { mediaIds: [own, shared], idempotencyKey: 'of Ana' };
    const sent = await send(server, norte, 'SMS', ana, { input });
    const other = await send(server, norte, 'SMS', blas, { input: { mediaIds: [shared] } });
    for (const { id } of [sent, other]) await reached(server, norte.key, id, 'DELIVERED');
    const link = parametersOf(ana).MediaUrl;
    const scheduled = await send(server, norte, 'SMS', ana, { input: { sendAt: LATER, mediaIds: [own] } });
    await erase(sent.id);
    expect(await Promise.all([sent.id, scheduled.id].map(shellOf))).toEqual([SHELL, SHELL]);
    expect(await keptOf(scheduled.id)).toEqual(GONE);
    for (const one of [link].flat()) expect((await fetched(one!)).status).toBe(404);
    expect([await stored(own), await stored(shared)]).toEqual([0, 1]);
    // Its key is known for all that: it is no new send.
    expect((await send(server, norte, 'SMS', ana, { input })).id).toBe(sent.id);
    expect((await fetched(parametersOf(blas).MediaUrl!)).status).toBe(200);
    await makeDue(server.database, [scheduled.id], () => 0);
    await reached(server, norte.key, (await send(server, norte, 'SMS', blas)).id, 'DELIVERED');
    expect(requestsTo(standIn, ana)).toHaveLength(1);
  });

  it('an idempotency key that names the person is kept in clear nowhere, and repeated it still sends nothing', async () => {
    const ana = newNumber();
    const key = `er ${ana}`;
    const input = { idempotencyKey: key };
    const { id } = await send(server, norte, 'SMS', ana, { input });
    await reached(server, norte.key, id, 'DELIVERED');
    expect((await activityOf(server, norte.key, id)).idempotencyKey).toBe(key);
    await erase(id);
    expect((await activityOf(server, norte.key, id)).idempotencyKey).toBeNull();
    expect(await tablesNaming(ana)).toEqual([]);
    expect((await send(server, norte, 'SMS', ana, { input })).sent).toEqual([{ id, status: 'DELIVERED', error: null }]);
    const other = await send(server, norte, 'SMS', newNumber(), { input });
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(requestsTo(standIn, ana)).toHaveLength(1);
    expect(await tablesNaming(ana)).toEqual([]);
  });

  it('the key of a mail to several stays theirs until the last of them is erased, and nobody sees it at a shell', async () => {
    const to = [newRecipient('EMAIL'), newRecipient('EMAIL')];
    const key = `for ${to.join(' and ')}`;
    const input = { to, idempotencyKey: key };
    const { sent } = await send(server, norte, 'EMAIL', to[0]!, { input });
    const keys = () => Promise.all(sent.map(async ({ id }) => (await activityOf(server, norte.key, id)).idempotencyKey));
    const again = async () => (await send(server, norte, 'EMAIL', to[0]!, { input })).sent.map(({ id }) => id);
    for (const { id } of sent) await reached(server, norte.key, id, 'SENT');
    await erase(sent[0].id);
    expect([await keys(), await again()]).toEqual([[null, key], sent.map(({ id }) => id)]);
    await erase(sent[1].id);
    expect([await keys(), await again()]).toEqual([[null, null], sent.map(({ id }) => id)]);
    expect(await tablesNaming(to[0]!)).toEqual([]);
  });

  it('an attempt under way ends unseen: neither its answer nor its callbacks bring anything back', async () => {
    const ana = newNumber();
    standIn.misbehave({ kind: 'DELAY', ms: 600 });
    standIn.configure({ stepMs: 400 });
    const { id } = await send(server, norte, 'SMS', ana, { input: { metadata: { caso: 'de Ana' } } });
    await until(() => requestsTo(standIn, ana).length === 1);
    await erase(id);
    await until(() => requestsTo(standIn, ana)[0]!.status === 201);
    await standIn.settle();
    expect([await shellOf(id), await keptOf(id)]).toEqual([SHELL, GONE]);
    const known =
      'select external_id as id from activity where id = $1 and external_id is not null union select value from reference where activity_id = $1';
    expect(await server.database.query(known, [id])).toEqual([]);
    const [{ n }] = (await server.database.query<{ n: number }>('select count(*)::int as n from contact_identity where value = $1', [
      ana,
    ])) as [{ n: number }];
    expect(n).toBe(0);
  });

  it('what was to be tried again is not', async () => {
    const ana = TOO_MUCH;
    const { id } = await send(server, norte, 'SMS', ana);
    await until(() => requestsTo(standIn, ana)[0]?.status === 429);
    await erase(id);
    const other = await send(server, norte, 'SMS', newNumber(), { input: { sendAt: LATER } });
    await makeDue(server.database, [other.id], () => 1_300);
    await reached(server, norte.key, other.id, 'DELIVERED');
    expect([requestsTo(standIn, ana).length, await keptOf(id)]).toEqual([1, GONE]);
  });

  it('a draft is gone, and cannot be approved', async () => {
    const proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
    const { id } = await send(server, norte, 'SMS', newNumber(), { key: proposer });
    await erase(id);
    const { code, text } = await gql(server, norte.key, 'mutation($id: ID!) { approveActivity(id: $id) { id } }', { id });
    expect([code, await shellOf(id)]).toEqual(['BAD_USER_INPUT', SHELL]);
    expect(text).toContain('approved or canceled already');
  });

  it.each(['SCHEDULED', 'DRAFT', 'SENDING'])(
    'what was %s is CANCELED, and the feed says so before it tells of the shell',
    async (status) => {
      const feed = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
      const to = status === 'SENDING' ? TOO_MUCH : newNumber();
      const key = status === 'DRAFT' ? await createKey(server, norte.id, ['READ', 'DRAFT']) : norte.key;
      const { id } = await send(server, norte, 'SMS', to, { key, input: status === 'SCHEDULED' ? { sendAt: LATER } : {} });
      if (status === 'SENDING') await until(async () => (await keptOf(id))!.state === 'WAITING');
      await erase(id);
      await until(() => heardOf(feed, id).includes('ERASED'), { what: 'ERASED in the feed' });
      expect(heardOf(feed, id).slice(-2)).toEqual(['CANCELED', 'ERASED']);
      const shell = { status: 'CANCELED', to: '', body: null, error: null };
      expect(feed.items.at(-1)!.activity).toMatchObject({ status: 'CANCELED' });
      const { milestones, ...found } = await activityOf(server, norte.key, id);
      expect([found, milestones.at(-1)]).toMatchObject([shell, { status: 'CANCELED' }]);
      expect(await ask(server, norte.key, CANCEL, { id })).toEqual({ made: { id, status: 'CANCELED' } });
    },
  );

  it('a call that the person was to make as its agent is not made, and those that were made do not name them', async () => {
    const [agent, customer] = [newNumber(), newNumber()];
    await reached(server, norte.key, (await send(server, norte, 'SMS', agent)).id, 'DELIVERED');
    const made = await send(server, norte, 'CALL', customer, { input: { agent, say: undefined } });
    await reached(server, norte.key, made.id, 'COMPLETED');
    expect((await activityOf(server, norte.key, made.id)).metadata.agent).toBe(agent);
    const proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
    const draft = await send(server, norte, 'CALL', customer, { key: proposer, input: { agent, say: undefined } });
    const [message] = await server.database.query<{ id: string }>('select id from activity where "to" = $1 and channel = $2', [
      agent,
      'SMS',
    ]);
    await erase(message!.id);
    expect(await activityOf(server, norte.key, draft.id)).toMatchObject({ status: 'CANCELED', error: { code: 'PERSON_ERASED' } });
    expect(await activityOf(server, norte.key, made.id)).toMatchObject({ status: 'COMPLETED', to: customer });
    const naming = 'select 1 from activity where metadata::text like $1 union all select 1 from event where metadata::text like $1';
    expect(await server.database.query(naming, [`%${agent.slice(1)}%`])).toEqual([]);
  });

  it('what the person says of being written to is kept, though the mail it was said of is a shell', async () => {
    const to = `${randomUUID()}@cliente.example`;
    const { id } = await send(server, norte, 'EMAIL', to);
    await reached(server, norte.key, id, 'SENT');
    await erase(id);
    const said = {
      event: 'spamreport',
      email: to,
      timestamp: Math.floor(Date.now() / 1_000),
      sg_event_id: randomUUID(),
      centralita_activity: id,
    };
    for (let times = 0; times < 2; times++) await deliver(server, sendGridEvents(sendGridKeys, [said]));
    expect((await sendability('EMAIL', to)).code).toBe('SUPPRESSED');
    expect([await shellOf(id), (await send(server, norte, 'EMAIL', to)).code]).toEqual([SHELL, 'SUPPRESSED']);
  });

  it('what left before it stays as it was', async () => {
    const { id } = await send(server, norte, 'SMS', newNumber());
    await reached(server, norte.key, id, 'DELIVERED');
    await erase(id);
    expect((await activityOf(server, norte.key, id)).status).toBe('DELIVERED');
    expect((await gql(server, norte.key, CANCEL, { id })).text).toContain('has left already');
  });
});
