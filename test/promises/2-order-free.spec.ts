import fc from 'fast-check';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { differences, FixtureWorld } from '../factories/fixture-world.js';
import { type Request, sid, smsStatus } from '../factories/twilio.js';
import { type FixtureScenario, readCase, readScenario } from '../fixtures/read-cases.js';
import { ACTIVITY, allActivities, deliveries } from '../support/graphql.js';
import { deliver, inParallel } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

/** What a carrier can say of one message, in the order it happens. */
const STORIES = [
  ['queued', 'sent', 'delivered'],
  ['accepted', 'sending', 'sent', 'undelivered'],
  ['queued', 'sending', 'failed'],
  ['scheduled', 'canceled'],
  ['sent', 'delivered', 'read'],
  ['queued', 'sent', 'undelivered', 'delivered'],
] as const;
const ERRORS: Record<string, string> = { undelivered: '30005', failed: '30007' };

const SCENARIOS = [
  'sms-outbound-delivered',
  'whatsapp-twilio-read',
  'meta-outbound-read',
  'voice-inbound-lifecycle',
  'voice-outbound-lifecycle',
  'voice-recording-any-order',
  'voice-two-legs',
].map(readScenario);
const casesOf = ({ deliveries: names }: FixtureScenario) => names.map(readCase);

describe('Any order and any repetition of the same deliveries ends in the same activities', () => {
  describe('each scenario', () => {
    let world: FixtureWorld;
    beforeAll(async () => {
      world = await FixtureWorld.start(SCENARIOS.flatMap(casesOf));
    });
    afterAll(() => world.dispose());

    describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', (_scenario, scenario) => {
      const cases = casesOf(scenario);

      it.each(
        atMost(24, permutations(scenario.deliveries)).map((order) => [
          order.map((one) => one.split('-').slice(2).join('-')).join(' '),
          order,
        ]),
      )('ends as it must after %s', async (_name, order) => {
        await world.clear();
        for (const delivery of order) {
          const fixture = readCase(delivery);
          const statuses = fixture.expect.http.contentType ? [200] : [200, 204];
          for (let i = 0; i < 2; i++) expect(statuses).toContain((await world.send(fixture)).status);
        }
        await world.send(readCase(order[0]!));
        // What came before the call it belongs to is recorded a moment after that.
        await until(async () => (await deliveries(world.server)).every(({ state }) => state !== 'UNMATCHED'));
        const activities = await world.activities();
        expect(activities).toHaveLength(scenario.expect.activities.length);
        for (const wanted of scenario.expect.activities) {
          const activity = activities.find(({ externalId }) => externalId === wanted.externalId) ?? {};
          expect(differences(activity, wanted)).toEqual([]);
          const told = cases.flatMap((one) => one.expect.activities ?? []).filter(({ externalId }) => externalId === wanted.externalId);
          const events = scenario.expect.events ?? told.map(({ status }) => status);
          expect(statusesOf(activity).filter(Boolean).sort()).toEqual([...events].sort());
        }
      });
    });
  });

  describe('random statuses of random messages', () => {
    let server: TestServer;
    let other: TestServer;
    let norte: TestOrganization;
    beforeAll(async () => {
      server = await TestServer.start();
      other = await TestServer.start({ besides: server });
      norte = await createOrganization(server);
    });
    afterAll(async () => {
      await other.dispose();
      await server.dispose();
    });

    const say = (id: string, status: string): Request => smsStatus(server, { sid: id, status, from: norte.number, error: ERRORS[status] });
    /** What remains of a message, whatever its ids and times are. */
    const remains = async (ids: readonly string[]) => {
      const all = await allActivities(server, norte.key, norte.id, ACTIVITY);
      return ids.map((id) => all.filter((activity) => activity.externalId === id).map(settled));
    };

    const message = fc.constantFrom(...STORIES).chain((story) => fc.subarray([...story], { minLength: 1 }));
    const messages = fc.array(message, { minLength: 1, maxLength: 4 });

    it('end as they do in their natural order, duplicated, shuffled and posted at once in groups', async () => {
      await fc.assert(
        fc.asyncProperty(messages, fc.integer(), fc.integer({ min: 1, max: 12 }), async (stories, seed, width) => {
          const [natural, shuffled] = [stories.map(() => sid('SM')), stories.map(() => sid('SM'))];
          for (const [i, story] of stories.entries()) for (const status of story) await deliver(server, say(natural[i]!, status));
          const all = stories.flatMap((story, i) => story.flatMap((status) => Array<Request>(2).fill(say(shuffled[i]!, status))));
          await inParallel(shuffle(all, seed), width, (request) => deliver(server, request));
          const expected = await remains(natural);
          expect(expected.map((found) => found.length)).toEqual(stories.map(() => 1));
          expect(await remains(shuffled)).toEqual(expected);
        }),
        { numRuns: 15 },
      );
    });

    it('end so as well where two processes get the same deliveries at the same time', async () => {
      const [natural, torn] = [STORIES.map(() => sid('SM')), STORIES.map(() => sid('SM'))];
      for (const [i, story] of STORIES.entries()) for (const status of story) await deliver(server, say(natural[i]!, status));
      const all = STORIES.flatMap((story, i) => story.map((status) => say(torn[i]!, status)));
      await Promise.all([
        inParallel(shuffle(all, 1), 10, (request) => deliver(server, request)),
        inParallel(shuffle(all, 2), 10, (request) => deliver(other, request)),
      ]);
      expect(await remains(torn)).toEqual(await remains(natural));
    });

    it('keep every status with the first time of each, and one event for each', async () => {
      const id = sid('SM');
      for (const status of ['delivered', 'queued', 'sent', 'queued', 'delivered']) await deliver(server, say(id, status));
      const [[activity]] = (await remains([id])) as [[ReturnType<typeof settled>]];
      expect(activity).toMatchObject({
        status: 'DELIVERED',
        revision: 3,
        milestones: ['DELIVERED', 'QUEUED', 'SENT'],
        events: ['DELIVERED', 'QUEUED', 'SENT'],
      });
    });
  });
});

// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
function statusesOf(activity: any): string[] {
  return activity.events.map((event: { status: string }) => event.status);
}

// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
function settled(activity: any) {
  const { status, revision, direction, from, to, error, milestones, events } = activity;
  expect(events).toHaveLength(revision);
  expect(events.filter((event: { kind: string }) => event.kind === 'CREATED')).toHaveLength(1);
  return {
    ...{ status, revision, direction, from, to, error },
    milestones: milestones.map((milestone: { status: string }) => milestone.status).sort(),
    events: statusesOf(activity).sort(),
  };
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));
}

/** Evenly out of all, where they are too many to try each. */
function atMost<T>(count: number, items: readonly T[]): T[] {
  return items.filter((_, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length));
}

/** The same for the same seed. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const all = [...items];
  let state = seed >>> 0;
  for (let i = all.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
