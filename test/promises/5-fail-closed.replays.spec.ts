import { createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { allActivities, ask, deliveries } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';

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
    await server.stop();
    await server.launch();
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
});
