import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

/** A control character is six in JSON, and an accented letter two bytes: texts of either side of what a page brings along. */
const BODIES = [
  'hola',
  'é'.repeat(8_192),
  `${'é'.repeat(8_192)}!`,
  '\u0001'.repeat(300_000),
  ...Array.from({ length: 20 }, (_, i) => `${i} `.repeat(20_000)),
];

describe('A message of any length', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let live: FeedClient;
  beforeAll(async () => {
    server = await TestServer.start();
    norte = await createOrganization(server, 'norte');
    live = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).connected();
    for (const body of BODIES) expect((await post(server, inboundSms(server, { to: norte.number, body }))).status).toBe(200);
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
  });

  const bodiesIn = (activities: readonly { body: string }[]) => activities.map(({ body }) => body.trim()).sort();
  const all = BODIES.map((body) => body.trim()).sort();

  it('is told whole to who listens, and to who comes back by a cursor', async () => {
    await until(() => live.items.length === BODIES.length);
    expect(bodiesIn(live.items.map(({ activity }) => activity))).toEqual(all);
    const from = live.items[0].cursor as string;
    const late = new FeedClient(server, norte.key, 'activityCreated', { organizationId: norte.id }, from);
    await until(() => late.items.length === BODIES.length - 1);
    expect(bodiesIn([live.items[0].activity, ...late.items])).toEqual(all);
  });

  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  it.each<[string, string, (found: any) => { body: string }[]]>([
    [
      'the list',
      'activities(organizationId: $o) { edges { node { body } } }',
      ({ activities }) => activities.edges.map(({ node }: { node: { body: string } }) => node),
    ],
    [
      'a page of the feed',
      'feed(organizationId: $o) { items { activity { body } } }',
      ({ feed }) => feed.items.map(({ activity }: { activity: { body: string } }) => activity),
    ],
  ])('is read whole in %s', async (_where, query, activitiesOf) => {
    expect(bodiesIn(activitiesOf(await ask(server, norte.key, `query($o: ID!) { ${query} }`, { o: norte.id })))).toEqual(all);
  });

  it('is read whole by its id, and as the last word of its conversation', async () => {
    const { id, body } = live.items[3].activity as { id: string; body: string };
    expect((await ask(server, norte.key, 'query($id: ID!) { activity(id: $id) { body } }', { id })).activity.body).toBe(body);
    const { conversations } = await ask(
      server,
      norte.key,
      'query($o: ID!) { conversations(organizationId: $o) { edges { node { latest { body } } } } }',
      { o: norte.id },
    );
    expect(conversations.edges[0].node.latest.body.trim()).toBe(BODIES.at(-1)!.trim());
  });
});
