import { createKey, createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { form, inboundSms, type Request, sid, smsStatus } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { eventsOf } from '../support/feed-truth.js';
import { allActivities, ask, deliveries } from '../support/graphql.js';
import { deliver, post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const VOICE_PATH = '/api/webhooks/voip/twilio';
const LEG = { To: '+12025550177', CallStatus: 'ringing', Direction: 'outbound-dial' };

describe('A verified delivery that cannot be routed is kept, visible and replayable', () => {
  let server: TestServer;
  let other: TestServer;
  let norte: TestOrganization;
  let numbers = 0;

  beforeAll(async () => {
    server = await TestServer.start();
    other = await TestServer.start({ besides: server });
    norte = await createOrganization(server);
  });
  afterAll(async () => {
    stopListening();
    await other.dispose();
    await server.dispose();
  });

  const freshNumber = () => `+1202555${String(1_000 + numbers++)}`;
  const bodies = async (organization: TestOrganization) =>
    (await allActivities(server, organization.key, organization.id, 'body')).map((activity) => activity.body as string);
  const replay = async (id: string) =>
    (await ask(server, server.adminKey, 'mutation($id: ID!) { replayDelivery(id: $id) { state activities { id } } }', { id }))
      .replayDelivery;

  it('it waits as UNROUTED, nobody sees it, and creating its sender records it and tells of it', async () => {
    const number = freshNumber();
    const client = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
    for (const body of ['first', 'second', 'third'])
      expect((await post(server, inboundSms(server, { to: number, body }))).status).toBe(200);
    const waiting = await deliveries(server, { states: ['UNROUTED'] });
    expect(waiting).toHaveLength(3);
    expect(waiting.map((delivery) => delivery.activities)).toEqual([[], [], []]);
    expect(waiting[0].error).toMatch(/createSender/);
    expect(await bodies(norte)).toEqual([]);

    await createSender(server, norte.id, number);
    expect((await bodies(norte)).sort()).toEqual(['first', 'second', 'third']);
    expect(await deliveries(server, { states: ['UNROUTED'] })).toEqual([]);
    await client.told(3);
    expect(client.items.map((item) => item.activity.body).sort()).toEqual(['first', 'second', 'third']);
  });

  it.each<[string, (to: string) => Request, RegExp]>([
    ['of an address that nobody can have', () => inboundSms(server, { to: 'messenger:1234' }), /DEFAULT_ORGANIZATION takes such in/],
    [
      'of a leg that came before its call',
      (to) => form(server, { ...LEG, AccountSid: server.accountSid, From: to, CallSid: sid('CA'), ParentCallSid: sid('CA') }, VOICE_PATH),
      /part of has not come yet/,
    ],
    ['of an address that nobody has', (to) => inboundSms(server, { to }), /^No organization owns the address: createSender/],
  ])('%s it says what it waits for', async (_what, request, said) => {
    expect((await post(server, request(freshNumber()))).status).toBe(200);
    const [kept] = await deliveries(server);
    expect([kept.state, kept.error]).toEqual(['UNROUTED', expect.stringMatching(said)]);
    await server.database.query('delete from delivery where id = $1', [kept.id]);
  });

  it('a replay of one still without a sender leaves it waiting, and of one that was recorded changes nothing', async () => {
    const number = freshNumber();
    await post(server, inboundSms(server, { to: number, body: 'patience' }));
    const [kept] = await deliveries(server, { states: ['UNROUTED'] });
    expect(await replay(kept.id)).toEqual({ state: 'UNROUTED', activities: [] });
    await createSender(server, norte.id, number);
    const before = [await allActivities(server, norte.key, norte.id), await eventsOf(server, norte.id)];
    for (const delivery of await deliveries(server)) expect((await replay(delivery.id)).state).toMatch(/^(PROCESSED|DUPLICATE)$/);
    expect([await allActivities(server, norte.key, norte.id), await eventsOf(server, norte.id)]).toEqual(before);
  });

  it('however a delivery and the creating of its sender meet, on one process or two, the delivery ends recorded once', async () => {
    const recorded = new Set(await bodies(norte));
    for (let round = 1; round <= 30; round++) {
      const number = freshNumber();
      const request = inboundSms(server, { to: number, body: `round ${round}` });
      await Promise.all([deliver(round % 2 ? server : other, request), createSender(server, norte.id, number)]);
    }
    await until(async () => (await bodies(norte)).length >= recorded.size + 30, { what: '30 rounds recorded' });
    expect((await bodies(norte)).filter((body) => body.startsWith('round')).sort()).toEqual(
      Array.from({ length: 30 }, (_, i) => `round ${i + 1}`).sort(),
    );
    expect(await deliveries(server, { states: ['UNROUTED'] })).toEqual([]);
  });

  it('a status that names no address of ours and no known message is kept as UNMATCHED or UNROUTED, and is nobody’s', async () => {
    const before = await bodies(norte);
    await post(server, smsStatus(server, { sid: sid('SM'), status: 'sent', from: '' }));
    expect((await deliveries(server))[0].state).toMatch(/^UN(MATCHED|ROUTED)$/);
    expect(await bodies(norte)).toEqual(before);
  });

  it.each([
    ['is no UTF-8', '\ufffd', 0xff],
    ['holds a U+0000', '\0', 0x00],
  ])('a body that %s is kept byte for byte', async (_what, read, byte) => {
    const request = inboundSms(server, { to: norte.number, body: read });
    const escaped = encodeURIComponent(read);
    const [before, after] = request.body!.toString().split(escaped) as [string, string];
    const body = Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(after)]);
    expect((await post(server, { ...request, body })).status).toBe(200);
    const [kept] = await deliveries(server);
    expect(kept).toMatchObject({ state: 'PROCESSED', bodyBase64: body.toString('base64') });
  });

  it('with DEFAULT_ORGANIZATION what nobody claims is its, and what somebody claims is not', async () => {
    const lost = await TestServer.start({ besides: server, env: { DEFAULT_ORGANIZATION: 'lost-and-found' } });
    try {
      const before = await bodies(norte);
      for (const [to, body] of [
        [freshNumber(), 'unclaimed'],
        [norte.number, 'claimed'],
      ] as const)
        expect((await post(lost, inboundSms(server, { to, body }))).status).toBe(200);
      const key = await createKey(server, 'lost-and-found');
      expect(await bodies({ id: 'lost-and-found', key, number: '' })).toEqual(['unclaimed']);
      expect((await bodies(norte)).sort()).toEqual([...before, 'claimed'].sort());
    } finally {
      await lost.dispose();
    }
  });
});
