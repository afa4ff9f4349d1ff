import { differences, FixtureWorld } from '../factories/fixture-world.js';
import { readCase, readCases } from '../fixtures/read-cases.js';
import { deliveries } from '../support/graphql.js';

const ALL = ['twilio-sms', 'twilio-whatsapp', 'twilio-voice', 'meta-whatsapp'].flatMap(readCases);
const CASES = ALL.filter(({ method }) => method === 'POST').map((fixture) => [fixture.name, fixture] as const);
const VERIFIED = CASES.filter(([, fixture]) => fixture.expect.verified);
const REFUSED = CASES.filter(([, fixture]) => !fixture.expect.verified);
const CHALLENGES = ALL.filter(({ method }) => method === 'GET').map((fixture) => [fixture.name, fixture] as const);

describe('Of each delivery as a provider makes it', () => {
  let world: FixtureWorld;
  beforeAll(async () => {
    world = await FixtureWorld.start(ALL);
  });
  beforeEach(() => world.clear());
  afterAll(() => world.dispose());

  it.each(VERIFIED)('%s comes what its fixture says, and nothing more when it comes again', async (_name, fixture) => {
    const { expect: expected } = fixture;
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
    expect(kept.headers).toMatchObject(fixture.headers);

    const activities = await world.activities();
    if (expected.activities && kept.state === expected.state) {
      expect(activities).toHaveLength(expected.activities.length);
      for (const wanted of expected.activities)
        expect(differences(activities.find((activity) => activity.externalId === wanted.externalId) ?? {}, wanted)).toEqual([]);
    }
    expect(kept.activities).toHaveLength(activities.length);

    expect(Math.floor((await world.send(fixture)).status / 100)).toBe(2);
    expect(await world.activities()).toEqual(activities);
    if (activities.length) expect((await deliveries(world.server)).map((delivery) => delivery.state)).toEqual(['DUPLICATE', 'PROCESSED']);
  });

  it.each(REFUSED)('%s comes nothing but a line that says why', async (_name, fixture) => {
    expect((await world.send(fixture)).status).toBe(fixture.expect.http.status);
    expect(await world.activities()).toEqual([]);
    expect(await world.feedsAreEmpty()).toBe(true);
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
  ])('the door of %s by %s comes what it is, and no secret', async (channel, provider, name) => {
    const answer = await world.send(readCase(`status-get-${name}`));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { channel, provider, configured: true }]);
    expect(answer.contentType).toMatch(/^application\/json/);
    expect(await deliveries(world.server)).toEqual([]);
  });
});
