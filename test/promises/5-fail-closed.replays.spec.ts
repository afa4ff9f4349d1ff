import { createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { Newcomer } from '../support/command.js';
import { takeAway } from '../support/database.js';
import { allActivities, ask, deliveries, gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const REPLAY = 'mutation($id: ID!) { replayDelivery(id: $id) { id state receivedAt } }';

describe('Promise 5, run through again', () => {
  let server: TestServer;
  let organization: TestOrganization;
  beforeAll(async () => {
    server = await TestServer.start();
    // A server in another zone than ours.
    await server.database.query(
      `do $$ begin execute format('alter database %I set timezone to ''America/Bogota''', current_database()); end $$`,
    );
    await (
      await takeAway(server.database)
    )();
    await until(async () => (await fetch(`${server.url}/health/ready`)).ok, { what: 'new connections' });
    organization = await createOrganization(server);
  });
  afterAll(() => server.dispose());

  it('the same delivery replayed by many at once fails nobody, and is recorded once', async () => {
    const number = '+14155550177';
    expect((await post(server, inboundSms(server, { to: number, body: 'waits' }))).status).toBe(200);
    const [waiting] = await deliveries(server, { states: ['UNROUTED'] });
    const others = Array.from({ length: 30 }, () => post(server, inboundSms(server, { to: organization.number })));
    const replays = Array.from({ length: 20 }, () => ask(server, server.adminKey, REPLAY, { id: waiting.id }));
    await Promise.all([...replays, createSender(server, organization.id, number)]);
    expect((await Promise.all(others)).map((answer) => answer.status)).toEqual(Array(30).fill(200));
    const found = await allActivities(server, organization.key, organization.id, 'body');
    expect(found.filter((activity) => activity.body === 'waits')).toHaveLength(1);
  });

  it('a delivery that was processed stays processed, at the time it came', async () => {
    const [kept] = await deliveries(server, { states: ['PROCESSED'] });
    const { replayDelivery } = await ask(server, server.adminKey, REPLAY, { id: kept.id });
    expect(replayDelivery.state).toBe('PROCESSED');
    expect(Math.abs(Date.parse(replayDelivery.receivedAt) - Date.now())).toBeLessThan(60_000);
  });

  it('times are true and pages end, whatever the time zone of the database', async () => {
    const pages = await ask(
      server,
      organization.key,
      'query($o: ID!) { activities(organizationId: $o, first: 5) { edges { node { id occurredAt events { occurredAt receivedAt } } } pageInfo { endCursor } } }',
      { o: organization.id },
    );
    for (const { node } of pages.activities.edges)
      for (const at of [node.occurredAt, node.events[0].occurredAt, node.events[0].receivedAt])
        expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
    const all = await allActivities(server, organization.key, organization.id, 'id');
    expect(new Set(all.map((activity) => activity.id)).size).toBe(31);
    expect(all).toHaveLength(31);
  });

  describe('many at once', () => {
    const REPLAY_ALL = 'mutation($f: DeliveryFilter!) { replayDeliveries(filter: $f) }';
    const number = '+14155550178';
    const bodies = Array.from({ length: 120 }, (_, i) => `one of many, ${i}`);

    beforeAll(async () => {
      for (const body of bodies) await post(server, inboundSms(server, { to: number, body }));
      await post(server, { ...inboundSms(server, { to: number }), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      // As one that was interrupted between the sender's commit and the replay.
      await server.database.query(
        `insert into sender (id, organization_id, channel, address, provider) values (gen_random_uuid(), $1, 'SMS', $2, 'TWILIO')`,
        [organization.id, number],
      );
    });
    const recorded = async () =>
      (await allActivities(server, organization.key, organization.id, 'body')).filter(({ body }) => body.startsWith('one of many'));

    it('are those that the filter names, each recorded once, and refused ones are not among them', async () => {
      const none = { states: ['UNROUTED'], receivedBefore: '2020-01-01T00:00:00Z' };
      expect(await ask(server, server.adminKey, REPLAY_ALL, { f: none })).toEqual({ replayDeliveries: 0 });
      expect(await recorded()).toEqual([]);
      expect(await ask(server, server.adminKey, REPLAY_ALL, { f: { states: ['UNROUTED', 'REJECTED'] } })).toEqual({
        replayDeliveries: 120,
      });
      expect(await recorded()).toHaveLength(120);
      expect(await ask(server, server.adminKey, REPLAY_ALL, { f: { states: ['UNROUTED', 'REJECTED'] } })).toEqual({ replayDeliveries: 0 });
    });

    it('change nothing where they were recorded', async () => {
      const before = await allActivities(server, organization.key, organization.id);
      const { replayDeliveries } = await ask(server, server.adminKey, REPLAY_ALL, { f: { channels: ['SMS'] } });
      expect(replayDeliveries).toBeGreaterThan(150);
      expect(await allActivities(server, organization.key, organization.id)).toEqual(before);
    });

    it.each([{}, { states: null }])('want a filter that names something: %j is BAD_USER_INPUT', async (f) => {
      const answer = await gql(server, server.adminKey, REPLAY_ALL, { f });
      expect(answer.errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'filter' });
    });

    it('are run by `centralita replay`, which tells what became of them', async () => {
      await server.database.query(`update delivery set state = 'FAILED' where state = 'PROCESSED'`);
      // Of somebody who was erased since: it cannot be run, and stops no other.
      await server.database.query(
        `update delivery set erased_at = now(), body = '', headers = '{}' where id = (select id from delivery where state = 'FAILED' order by id limit 1)`,
      );
      const command = await Newcomer.create();
      const env = { PORT: String(server.port), ADMIN_API_KEY: server.adminKey };
      const run = (...words: string[]) => command.run(['replay', ...words], env);
      expect(await run('--since', 'yesterday')).toMatchObject({ code: 1, stderr: expect.stringContaining('--since') as string });
      expect(await run('--state', 'REJECTED')).toMatchObject({ code: 1, stderr: expect.stringContaining('--state') as string });
      expect(await run('--state', 'UNROUTED')).toMatchObject({ code: 0, stdout: 'Run through again: 0\n' });
      const { code, stdout, stderr } = await run('--since', '1h');
      command.dispose();
      expect(stderr).toContain('somebody who was erased');
      expect(await ask(server, server.adminKey, REPLAY_ALL, { f: { states: ['FAILED'] } })).toEqual({ replayDeliveries: 0 });
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^Run through again: 15\d\n {2}DUPLICATE {2}15\d\n$/)]);
    });
  });
});
