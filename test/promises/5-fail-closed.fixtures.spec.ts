import { differences, FixtureWorld } from '../factories/fixture-world.js';
import { type FixtureActivity, type FixtureCase, readCase, readCases } from '../fixtures/read-cases.js';
import { deliveries } from '../support/graphql.js';

const ALL = ['twilio-sms', 'twilio-whatsapp', 'twilio-voice', 'twilio-email', 'meta-whatsapp', 'sendgrid'].flatMap(readCases);
const CASES = ALL.filter(({ method }) => method === 'POST').map((fixture) => [fixture.name, fixture] as const);
const VERIFIED = CASES.filter(([, fixture]) => fixture.expect.verified);
const REFUSED = CASES.filter(([, fixture]) => !fixture.expect.verified);
const CHALLENGES = ALL.filter(({ method }) => method === 'GET').map((fixture) => [fixture.name, fixture] as const);

/** Of one mail to several there is one activity for each. */
const isAbout = (wanted: FixtureActivity) => (activity: { externalId: string; to: string }) =>
  activity.externalId === (wanted.xMessageId ?? wanted.externalId) && (wanted.channel !== 'EMAIL' || activity.to === wanted.to);

const eventOf = ({ status, occurredAt, externalEventId }: NonNullable<FixtureCase['expect']['events']>[number]): unknown =>
  expect.objectContaining({
    status,
    ...(occurredAt && { occurredAt }),
    ...(externalEventId && { metadata: expect.objectContaining({ sg_event_id: externalEventId }) as unknown }),
  });

describe('Of each delivery as a provider makes it', () => {
  let world: FixtureWorld;
  beforeAll(async () => {
    world = await FixtureWorld.start(ALL);
  });
  beforeEach(() => world.clear());
  afterAll(() => world.dispose());

  it.each(VERIFIED)('%s comes what its fixture says, and nothing more when it comes again', async (_name, fixture) => {
    const { expect: expected } = fixture;
    await world.prepare(fixture);
    const first = await world.send(fixture);
    expect(Math.floor(first.status / 100)).toBe(2);
    // Twilio would send it to the person.
    if (fixture.provider === 'TWILIO') expect(first.contentType ?? 'nothing').not.toMatch(/text\/plain/);
    expect(first.contentType ?? '').toContain(expected.http.contentType ?? '');
    const begins = expected.http.bodyStartsWith ?? [''];
    expect(begins.some((beginning) => first.text.startsWith(beginning))).toBe(true);
    const [kept] = await deliveries(world.server);
    // What is told as part of another activity waits for that one.
    const folded = Boolean(expected.activities?.length) && expected.activities!.every(({ mayBeFolded }) => mayBeFolded);
    expect([expected.state, expected.orState, ...(folded ? ['UNMATCHED'] : [])]).toContain(kept.state);
    expect(Buffer.from(kept.bodyBase64, 'base64').equals(Buffer.from(fixture.body, fixture.bodyEncoding))).toBe(true);
    expect(Object.keys(kept.headers)).toEqual(expect.arrayContaining(Object.keys(fixture.headers)));

    const activities = await world.activities();
    if (expected.activities && kept.state === expected.state) {
      expect(activities).toHaveLength(expected.activities.length);
      for (const wanted of expected.activities) expect(differences(activities.find(isAbout(wanted)) ?? {}, wanted)).toEqual([]);
      for (const wanted of expected.events ?? []) expect(activities[0].events).toContainEqual(eventOf(wanted));
    }
    expect(kept.activities).toHaveLength(activities.length);

    const events = await world.events();
    expect(Math.floor((await world.send(fixture)).status / 100)).toBe(2);
    expect(await world.activities()).toEqual(activities);
    expect(await world.events()).toBe(events);
    if (activities.length && kept.state === 'PROCESSED')
      expect((await deliveries(world.server)).map((delivery) => delivery.state)).toEqual(['DUPLICATE', 'PROCESSED']);
  });

  it.each(REFUSED)('%s comes nothing but a line that says why', async (_name, fixture) => {
    await world.prepare(fixture);
    const [activities, events] = [await world.activities(), await world.events()];
    expect((await world.send(fixture)).status).toBe(fixture.expect.http.status);
    expect(await world.activities()).toEqual(activities);
    expect(await world.events()).toBe(events);
    const kept = await deliveries(world.server);
    expect(kept).toEqual([expect.objectContaining({ state: 'REJECTED', headers: {}, bodyText: '', bodyBase64: '', activities: [] })]);
    expect(kept[0].error).toMatch(/signature/i);
    for (const secret of Object.values(fixture.secret)) expect(kept[0].error).not.toContain(secret);
  });

  it.each(CHALLENGES)('%s comes the answer it expects, and no delivery', async (_name, fixture) => {
    const { http } = fixture.expect;
    const answer = await world.send(fixture);
    expect(answer.status).toBe(http.status);
    expect(answer.contentType ?? '').toContain(http.contentType ?? 'json');
    if (http.body !== undefined) expect(answer.text).toBe(http.body);
    for (const secret of Object.values(fixture.secret)) expect(answer.text).not.toContain(secret);
    expect(await deliveries(world.server)).toEqual([]);
  });

  it.each([
    ['SMS', 'TWILIO', 'sms-twilio'],
    ['WHATSAPP', 'TWILIO', 'whatsapp-twilio'],
    ['VOICE', 'TWILIO', 'voip-twilio'],
    ['WHATSAPP', 'META', 'whatsapp-meta'],
    ['EMAIL', 'TWILIO', 'email-twilio'],
    ['EMAIL', 'SENDGRID', 'email-sendgrid'],
    ['EMAIL', 'SENDGRID', 'email-sendgrid-inbound'],
  ])('the door of %s by %s (%s) comes what it is, and no secret', async (channel, provider, name) => {
    const answer = await world.send(readCase(`status-get-${name}`));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { channel, provider, configured: true }]);
    expect(answer.contentType).toMatch(/^application\/json/);
    expect(await deliveries(world.server)).toEqual([]);
  });
});
