import { createOrganization } from '../factories/organization.js';
import { traffic } from '../factories/traffic.js';
import { inboundSms } from '../factories/twilio.js';
import { FeedClient, type FeedField, stopListening } from '../support/feed-client.js';
import { eventsOf, faults, feedCursor, headOf, NO_FAULTS, pulled, toldTo, truthFor } from '../support/feed-truth.js';
import { allActivities } from '../support/graphql.js';
import { deliver, inParallel } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const FIELDS: readonly FeedField[] = ['activityCreated', 'activityUpdated', 'activityFeed'];

describe('A subscriber that was away gets exactly what it missed', () => {
  let server: ServerProcess;
  let other: TestServer;

  beforeAll(async () => {
    server = await ServerProcess.start();
    other = await TestServer.start({ besides: server });
  });
  afterAll(async () => {
    stopListening();
    await other.dispose();
    await server.dispose();
  });

  /** Cuts a subscriber each time it has heard a few more, until there is nothing more to come. */
  async function cutAtRandom(client: FeedClient, coming: () => boolean): Promise<void> {
    while (coming()) {
      const enough = client.items.length + 1 + Math.floor(Math.random() * 40);
      await until(() => client.items.length >= enough || !coming(), { ms: 60_000, what: 'more items' });
      if (coming()) client.drop();
    }
  }

  it('of 300 deliveries over two processes, those who are cut at random hear each thing once and in order, on all three subscriptions', async () => {
    const norte = await createOrganization(server);
    const after = await feedCursor(server, norte.key, norte.id);
    const clients = FIELDS.flatMap((field) => [
      new FeedClient(server, norte.key, field, { organizationId: norte.id }, after),
      new FeedClient(other, norte.key, field, { organizationId: norte.id, channels: ['SMS', 'VOICE'] }, after),
    ]);
    const deaf = new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id, channels: ['EMAIL'] }, after);
    let coming = true;
    const cuts = clients.map((client) => cutAtRandom(client, () => coming));
    const { requests, events } = traffic(server, norte, 300);
    await inParallel(requests, 24, (request, i) => deliver(i % 2 ? server : other, request));
    coming = false;
    await Promise.all(cuts);

    const expected = [...events.values()].reduce((all, n) => all + n, 0);
    expect([(await eventsOf(server, norte.id)).length, await headOf(server, norte.id)]).toEqual([expected, expected]);
    for (const client of clients) {
      const truth = await truthFor(client.field, server, norte.id);
      await client.told(truth.length);
      expect(faults(toldTo(client), truth)).toEqual(NO_FAULTS);
    }
    expect(clients.reduce((all, client) => all + client.connections, 0)).toBeGreaterThan(clients.length * 2);
    expect(faults(await pulled(server, norte.key, norte.id, after, 70), await truthFor('activityFeed', server, norte.id))).toEqual(
      NO_FAULTS,
    );
    expect(deaf.items).toEqual([]);
  });

  it('of a process killed with SIGKILL under load, everything answered 2xx is there once, numbered without gaps, and heard once', async () => {
    const norte = await createOrganization(server);
    const after = await feedCursor(server, norte.key, norte.id);
    const clients = FIELDS.map((field) => new FeedClient(server, norte.key, field, { organizationId: norte.id }, after));
    const { requests, events } = traffic(server, norte, 200);
    let restart: Promise<void> | undefined;
    await inParallel(requests, 24, async (request, i) => {
      if (i === 100) restart = server.crash().then(() => server.launch());
      expect((await deliver(server, request)).status).toBeLessThan(300);
    });
    await restart;

    const activities = await allActivities(server, norte.key, norte.id, 'externalId events { id }');
    expect(Object.fromEntries(activities.map((activity) => [activity.externalId, activity.events.length]))).toEqual(
      Object.fromEntries(events),
    );
    expect(activities).toHaveLength(events.size);
    const head = await headOf(server, norte.id);
    expect((await eventsOf(server, norte.id)).map((event) => event.seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
    for (const client of clients) {
      const truth = await truthFor(client.field, server, norte.id);
      await client.told(truth.length);
      expect(faults(toldTo(client), truth)).toEqual(NO_FAULTS);
      expect(client.connections).toBeGreaterThan(1);
    }
  });

  it('of what was committed by a process that died before it could say so', async () => {
    const norte = await createOrganization(server);
    await deliver(server, inboundSms(server, { to: norte.number }));
    const client = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
    await server.database.query(
      `with head as (update feed_head set seq = seq + 1 where organization_id = $1 returning seq)
       insert into event (organization_id, seq, id, activity_id, channel, key, kind, status, occurred_at, occurred_at_estimated, received_at, metadata)
       select organization_id, head.seq, gen_random_uuid(), activity_id, channel, 'unannounced', 'STATUS', status, now(), true, now(), metadata
       from event cross join head where organization_id = $1 limit 1`,
      [norte.id],
    );
    await client.told(1);
    expect(faults(toldTo(client), await truthFor('activityFeed', server, norte.id, 1))).toEqual(NO_FAULTS);
  });

  it('of a backlog longer than any queue, in order, and then what is live', async () => {
    const norte = await createOrganization(server);
    await deliver(server, inboundSms(server, { to: norte.number }));
    await server.database.query(
      `insert into event (organization_id, seq, id, activity_id, channel, key, kind, status, occurred_at, occurred_at_estimated, received_at, metadata)
       select organization_id, 1 + n, gen_random_uuid(), activity_id, channel, 'backlog ' || n, 'STATUS', status, now(), true, now(), metadata
       from event cross join generate_series(1, 2500) as n where organization_id = $1`,
      [norte.id],
    );
    await server.database.query('update feed_head set seq = 2501 where organization_id = $1', [norte.id]);
    const [first] = await allActivities(server, norte.key, norte.id, 'cursor');
    const client = new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }, first.cursor);
    await inParallel([1, 2, 3], 3, () => deliver(other, inboundSms(server, { to: norte.number })));
    await client.told(2503);
    expect(faults(toldTo(client), await truthFor('activityFeed', server, norte.id, 1))).toEqual(NO_FAULTS);
  });
});
