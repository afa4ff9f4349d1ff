import { createOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { faults, feedCursor, NO_FAULTS, toldTo, truthFor } from '../support/feed-truth.js';
import { gql } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

describe('A subscriber of two processes that come and go gets exactly what it missed', () => {
  let server: ServerProcess;
  let other: ServerProcess;

  beforeAll(async () => {
    server = await ServerProcess.start();
    other = await ServerProcess.start({ besides: server });
  });
  afterAll(async () => {
    stopListening();
    await other.dispose();
    await server.dispose();
  });

  it('of a process stopped with SIGTERM: its sockets close with 1012, it exits 0 at once, and they go on where they were', async () => {
    const norte = await createOrganization(server);
    const client = await new FeedClient(other, norte.key, 'activityFeed', { organizationId: norte.id }).live();
    await deliver(server, inboundSms(server, { to: norte.number, body: 'before' }));
    await client.told(1);
    const from = Date.now();
    expect(await other.stop()).toBe(0);
    expect(Date.now() - from).toBeLessThan(5_000);
    expect(await client.closed()).toBe(1012);
    await deliver(server, inboundSms(server, { to: norte.number, body: 'meanwhile' }));
    await other.launch();
    await client.told(2);
    expect(client.items.map((item) => item.activity.body)).toEqual(['before', 'meanwhile']);
  });

  it('of what another process committed while the connections that hear of it are cut again and again', async () => {
    const norte = await createOrganization(server);
    const client = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
    for (let i = 1; i <= 5; i++) {
      await server.database.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'centralita listener'
        and datname = current_database()`);
      await deliver(other, inboundSms(server, { to: norte.number, body: `n ${i}` }));
      await client.told(i);
    }
    expect(faults(toldTo(client), await truthFor('activityFeed', server, norte.id))).toEqual(NO_FAULTS);
  });

  it('a restart expires no cursor, but one that finds the database restored expires all', async () => {
    const norte = await createOrganization(server);
    const say = (body: string) => deliver(server, inboundSms(server, { to: norte.number, body }));
    await say('hola');
    const before = await feedCursor(server, norte.key, norte.id);
    const pull = () =>
      gql(server, norte.key, 'query($o: ID!, $a: Cursor) { feed(organizationId: $o, after: $a) { items { activity { body } } } }', {
        o: norte.id,
        a: before,
      });
    await server.stop();
    await server.launch();
    await say('otra vez');
    expect((await pull()).data.feed.items).toEqual([{ activity: { body: 'otra vez' } }]);
    await server.stop();
    await server.database.query(`update feed_epoch set system_identifier = 'another'`);
    await server.launch();
    for (const field of ['activityCreated', 'activityUpdated', 'activityFeed'] as const) {
      const heard = new FeedClient(server, norte.key, field, { organizationId: norte.id }, before, false);
      expect((await heard.refused()).extensions).toMatchObject({ code: 'CURSOR_EXPIRED' });
    }
    expect((await pull()).code).toBe('CURSOR_EXPIRED');
  });
});
