import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms, sid, smsStatus } from '../factories/twilio.js';
import { FeedClient, type FeedField, stopListening } from '../support/feed-client.js';
import { feedCursor, headOf } from '../support/feed-truth.js';
import { allActivities, ask, gql } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';

const FIELDS: readonly FeedField[] = ['activityCreated', 'activityUpdated', 'activityFeed'];

describe('A cursor is a place in one feed', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
  });

  const say = (organization: TestOrganization, body: string) => deliver(server, inboundSms(server, { to: organization.number, body }));
  const listen = (organization: TestOrganization, after: string | null, field: FeedField = 'activityFeed', comesBack = true) =>
    new FeedClient(server, organization.key, field, { organizationId: organization.id }, after, comesBack);
  const bodiesOf = (client: FeedClient) => client.items.map((item) => (item.activity ?? item).body);
  const pull = (organization: TestOrganization, after: string) =>
    gql(server, organization.key, 'query($o: ID!, $a: Cursor) { feed(organizationId: $o, after: $a) { items { activity { body } } } }', {
      o: organization.id,
      a: after,
    });
  const list = (organization: TestOrganization, after: string) =>
    gql(server, organization.key, 'query($o: ID!, $a: String) { activities(organizationId: $o, after: $a) { edges { cursor } } }', {
      o: organization.id,
      a: after,
    });

  /** What each of the four that take a feed's cursor answers to this one. */
  async function refusalsOf(organization: TestOrganization, cursor: string): Promise<unknown[]> {
    const heard = await Promise.all(FIELDS.map((field) => listen(organization, cursor, field, false).refused()));
    const answer = await pull(organization, cursor);
    return [...heard.map((error) => error.extensions), answer.errors?.[0]?.extensions];
  }

  it("an activity's cursor continues after its creation", async () => {
    const norte = await createOrganization(server);
    for (const body of ['one', 'two', 'three']) await say(norte, body);
    const [, two] = await allActivities(server, norte.key, norte.id, 'body cursor');
    expect(bodiesOf(await listen(norte, two.cursor).told(1))).toEqual(['three']);
  });

  it("a page's feedCursor continues after the page, that of an empty list after nothing", async () => {
    const norte = await createOrganization(server);
    const empty = await feedCursor(server, norte.key, norte.id);
    await say(norte, 'one');
    const afterOne = await feedCursor(server, norte.key, norte.id);
    await say(norte, 'two');
    expect(bodiesOf(await listen(norte, empty).told(2))).toEqual(['one', 'two']);
    expect(bodiesOf(await listen(norte, afterOne).told(1))).toEqual(['two']);
  });

  it('a CHECKPOINT comes when the backlog is told, and its cursor continues from there', async () => {
    const norte = await createOrganization(server);
    await say(norte, 'one');
    const first = await listen(norte, null).live();
    expect(first.items).toEqual([]);
    const quiet = new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id, channels: ['VOICE'] });
    const [checkpoint] = (await quiet.live()).checkpoints;
    await say(norte, 'two');
    expect(bodiesOf(await first.told(1))).toEqual(['two']);
    expect(bodiesOf(await listen(norte, checkpoint.cursor).told(1))).toEqual(['two']);
  });

  it('the cursor of an update continues after that update, on whichever subscription it is used', async () => {
    const norte = await createOrganization(server);
    const id = sid('SM');
    const after = await feedCursor(server, norte.key, norte.id);
    for (const status of ['queued', 'sent', 'delivered']) await deliver(server, smsStatus(server, { sid: id, status, from: norte.number }));
    await say(norte, 'hola');
    const updates = await listen(norte, after, 'activityUpdated').told(2);
    expect(updates.items.map((item) => item.event.status)).toEqual(['SENT', 'DELIVERED']);
    const rest = await listen(norte, updates.items[0].cursor).told(2);
    expect(rest.items.map((item) => [item.kind, item.event?.status])).toEqual([
      ['UPDATED', 'DELIVERED'],
      ['CREATED', undefined],
    ]);
  });

  it("another organization's cursor is refused, and so is what is none, naming `after`", async () => {
    const [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
    await say(sur, 'hola');
    const theirs = await feedCursor(server, sur.key, sur.id);
    for (const cursor of [theirs, 'no-such-cursor', ''])
      for (const refusal of await refusalsOf(norte, cursor)) expect(refusal).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
  });

  it("a list's cursor is refused by the feed, and the feed's by a list, and each says which it wanted", async () => {
    const norte = await createOrganization(server);
    await say(norte, 'hola');
    const { activities } = await ask(
      server,
      norte.key,
      'query($o: ID!) { activities(organizationId: $o) { feedCursor edges { cursor } pageInfo { endCursor } } }',
      { o: norte.id },
    );
    for (const ofList of [activities.edges[0].cursor, activities.pageInfo.endCursor]) {
      for (const refusal of await refusalsOf(norte, ofList)) expect(refusal).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
      expect((await pull(norte, ofList)).errors![0]!.message).toMatch(/feed/);
    }
    const refused = (await list(norte, activities.feedCursor)).errors![0]!;
    expect(refused.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
    expect(refused.message).toMatch(/endCursor/);
    const { deliveries } = await ask(server, server.adminKey, '{ deliveries { pageInfo { endCursor } } }');
    expect((await list(norte, deliveries.pageInfo.endCursor)).code).toBe('BAD_USER_INPUT');
  });

  it('a restore to an earlier state expires what was handed out since, even when the feed has grown past it again', async () => {
    const norte = await createOrganization(server);
    await say(norte, 'kept');
    const kept = await feedCursor(server, norte.key, norte.id);
    await say(norte, 'lost');
    const lost = await feedCursor(server, norte.key, norte.id);
    const { database } = server;
    await database.query('delete from event where organization_id = $1 and seq = 2', [norte.id]);
    await database.query(`delete from activity where organization_id = $1 and body = 'lost'`, [norte.id]);
    await database.query('update feed_head set seq = 1 where organization_id = $1', [norte.id]);
    for (const refusal of await refusalsOf(norte, lost)) expect(refusal).toMatchObject({ code: 'CURSOR_EXPIRED' });
    for (const body of ['new', 'newer']) await say(norte, body);
    for (const refusal of await refusalsOf(norte, lost)) expect(refusal).toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(bodiesOf(await listen(norte, kept).told(2))).toEqual(['new', 'newer']);
    expect(await headOf(server, norte.id)).toBe(3);
  });

  it('a restore under a living subscriber ends it with CURSOR_EXPIRED, and what comes then is told to those who come anew', async () => {
    const norte = await createOrganization(server);
    const clients = FIELDS.map((field) => listen(norte, null, field, false));
    await clients[2]!.live();
    for (const body of ['kept', 'lost']) await say(norte, body);
    await clients[2]!.told(2);
    await server.database.query('delete from event where organization_id = $1 and seq = 2', [norte.id]);
    await server.database.query('update feed_head set seq = 1 where organization_id = $1', [norte.id]);
    for (const client of clients) expect((await client.refused()).extensions).toMatchObject({ code: 'CURSOR_EXPIRED' });
    const again = await listen(norte, null, 'activityFeed').live();
    await say(norte, 'new');
    expect(bodiesOf(await again.told(1))).toEqual(['new']);
  });

  it('a restore under a living subscriber ends it also where the feed has grown past it before anybody looked', async () => {
    const norte = await createOrganization(server);
    const client = await listen(norte, null, 'activityFeed', false).live();
    await say(norte, 'lost');
    await client.told(1);
    await server.database.query('update event set id = gen_random_uuid() where organization_id = $1 and seq = 1', [norte.id]);
    await say(norte, 'new');
    expect((await client.refused()).extensions).toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(bodiesOf(client)).toEqual(['lost']);
  });

  const CHANGES: [string, string][] = [
    ['was restored from a backup', `update feed_epoch set system_identifier = 'another'`],
    ['is on another timeline', 'update feed_epoch set timeline = timeline + 1'],
    ['was given a new epoch', `update feed_epoch set epoch = '\\x010203040506'`],
  ];

  it.each(CHANGES)(
    'a database that %s while we run ends every subscription with CURSOR_EXPIRED, and every cursor',
    async (_name, change) => {
      const norte = await createOrganization(server);
      const clients = FIELDS.map((field) => listen(norte, null, field, false));
      await clients[2]!.live();
      await say(norte, 'hola');
      await clients[2]!.told(1);
      const before = await feedCursor(server, norte.key, norte.id);
      await server.database.query(change);
      await server.database.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'centralita listener' and datname = current_database()`);
      for (const client of clients) expect((await client.refused()).extensions).toMatchObject({ code: 'CURSOR_EXPIRED' });
      for (const refusal of await refusalsOf(norte, before)) expect(refusal).toMatchObject({ code: 'CURSOR_EXPIRED' });
      expect((await pull(norte, await feedCursor(server, norte.key, norte.id))).errors).toBeUndefined();
    },
  );
});
