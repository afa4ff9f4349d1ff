import { differences, FixtureWorld } from '../factories/fixture-world.js';
import { readCase, readCases } from '../fixtures/read-cases.js';
import { deliveries } from '../support/graphql.js';

const ALL = [...readCases('twilio-sms'), ...readCases('twilio-whatsapp'), ...readCases('twilio-voice')];
const CASES = ALL.map((fixture) => [fixture.name, fixture] as const);
const VERIFIED = CASES.filter(([, fixture]) => fixture.expect.verified);
const REFUSED = CASES.filter(([, fixture]) => !fixture.expect.verified);

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
    expect(first.contentType ?? 'nothing').not.toMatch(/text\/plain/); // Twilio would send it to the person
    expect(first.contentType ?? '').toContain(expected.http.contentType ?? '');
    const begins = expected.http.bodyStartsWith ?? [''];
    expect(begins.some((beginning) => first.text.startsWith(beginning))).toBe(true);
    const [kept] = await deliveries(world.server);
    expect([expected.state, expected.orState]).toContain(kept.state);
    expect(Buffer.from(kept.bodyBase64, 'base64').equals(Buffer.from(fixture.body, fixture.bodyEncoding))).toBe(true);
    expect(kept.headers['x-twilio-signature']).toBe(fixture.headers['x-twilio-signature']);

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
    expect(kept[0].error).not.toContain(fixture.secret.authToken);
  });

  it.each([
    ['SMS', 'sms'],
    ['WHATSAPP', 'whatsapp'],
    ['VOICE', 'voip'],
  ])('the door of %s by Twilio comes what it is, and no secret', async (channel, name) => {
    const answer = await world.send(readCase(`status-get-${name}-twilio`));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { channel, provider: 'TWILIO', configured: true }]);
    expect(answer.contentType).toMatch(/^application\/json/);
    expect(await deliveries(world.server)).toEqual([]);
  });
});
