import { type TestOrganization } from '../factories/organization.js';
import { inboundSms, smsStatus } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { rowsAndRebuilt } from '../support/rebuilt.js';
import { person, Recovery } from '../support/recovery.js';
import { until } from '../support/until.js';

const ERASE = 'mutation($id: ID!) { eraseContact(id: $id) }';

describe('What a provider can still list, we recover', () => {
  let world: Recovery;
  let norte: TestOrganization;
  beforeAll(async () => {
    world = await Recovery.start();
    norte = await world.organization('norte');
  });
  afterEach(() => {
    world.standIn.behave();
    world.standIn.configure({ listDelayMs: 0 });
  });
  afterAll(async () => {
    stopListening();
    await world.stop();
  });
  const found = (externalId: string) => world.of(norte, externalId);
  const ready = async (id: string, count: number) => {
    const states = async () => (await world.one(norte, id)).attachments.map(({ state }: { state: string }) => state);
    await until(async () => (await states()).filter((state: string) => state === 'READY').length === count, { what: `${count} files` });
  };

  it('messages and calls that no webhook told are there once, marked so, and heard by who listens', async () => {
    const feed = await new FeedClient(world.server, norte.key, 'activityCreated', { organizationId: norte.id }).connected();
    const before = await world.recovered(norte);
    const [ana, bea] = [person(), person()];
    const sms = world.standIn.act({ from: ana, to: norte.number, body: '¿Abren mañana?' });
    const mms = world.standIn.act({ from: ana, to: norte.number, media: ['image/jpeg', 'application/pdf'] });
    const whatsApp = world.standIn.act({ channel: 'WHATSAPP', from: bea, to: norte.number, body: 'hola' });
    const call = world.standIn.act({ channel: 'VOICE', from: bea, to: norte.number });
    const elsewhere = world.standIn.act({ from: ana, to: '+15005550009', body: 'not ours' });
    await world.compared(norte);

    const message = { origin: 'RECONCILE', direction: 'INBOUND', status: 'RECEIVED', to: norte.number };
    expect(await found(sms)).toMatchObject([
      { ...message, channel: 'SMS', from: ana, body: '¿Abren mañana?', events: [{ kind: 'CREATED' }] },
    ]);
    expect(await found(whatsApp)).toMatchObject([{ ...message, channel: 'WHATSAPP', from: bea, body: 'hola' }]);
    expect(await found(call)).toMatchObject([
      { origin: 'RECONCILE', direction: 'INBOUND', status: 'COMPLETED', channel: 'VOICE', from: bea, durationSeconds: 1 },
    ]);
    expect(await found(elsewhere)).toEqual([]);
    expect((await found(whatsApp))[0].contact.id).toBe((await found(call))[0].contact.id);
    await ready((await found(mms))[0].id, 2);
    await feed.told(4);
    expect(feed.items.map(({ externalId }) => externalId).sort()).toEqual([sms, mms, whatsApp, call].sort());
    feed.stop();
    const after = { SMS: before.SMS! + 2, WHATSAPP: before.WHATSAPP! + 1, VOICE: before.VOICE! + 1 };
    expect(await world.recovered(norte)).toEqual(after);

    const events = await world.eventCount();
    await world.compared(norte);
    await world.compared(norte);
    expect(await world.eventCount()).toBe(events);
    expect(await world.recovered(norte)).toEqual(after);
  });

  it('what became of our sends is there, and late webhooks tell nothing twice', async () => {
    const [ana, bea] = [person(), '+15005530005'];
    const [good, bad] = [await world.sendSms(norte, { to: ana, body: 'hola' }), await world.sendSms(norte, { to: bea, body: 'hola' })];
    for (const id of [good, bad]) await until(async () => (await world.one(norte, id)).externalId);
    await world.compared(norte);
    expect(await world.one(norte, good)).toMatchObject({ origin: 'API', status: 'DELIVERED', error: null, body: 'hola' });
    expect(await world.one(norte, bad)).toMatchObject({ origin: 'API', status: 'UNDELIVERED', error: { code: '30005' } });

    const events = await world.eventCount();
    const [{ externalId: sid }, { externalId: badSid }] = [await world.one(norte, good), await world.one(norte, bad)];
    const from = norte.number;
    for (const status of ['delivered', 'sent', 'delivered'])
      await deliver(world.server, smsStatus(world.server, { sid, status, from, to: ana }));
    await deliver(world.server, smsStatus(world.server, { sid: badSid, status: 'undelivered', from, to: bea, error: '30005' }));
    await world.compared(norte);
    // Our own attempt said SENT; that the callback says it too is recorded as ever.
    expect((await world.eventCount()) - events).toBe(1);
    expect((await world.one(norte, good)).events.map(({ status }: { status: string }) => status)).toEqual(
      expect.arrayContaining(['QUEUED', 'SENDING', 'SENT', 'DELIVERED']),
    );
    expect(await found(sid)).toHaveLength(1);
  });

  it('a message whose webhook comes after all is the same message, with what only the webhook knows', async () => {
    const ana = person();
    const sid = world.standIn.act({ from: ana, to: norte.number, body: 'hola' });
    await world.compared(norte);
    const [listed] = await found(sid);
    const late = inboundSms(world.server, { sid, from: ana, to: norte.number, body: 'hola' });
    for (let i = 0; i < 2; i++) await deliver(world.server, late);
    const { occurredAt, milestones } = listed;
    const same = { id: listed.id, origin: 'RECONCILE', status: 'RECEIVED', occurredAt, milestones };
    expect(await found(sid)).toMatchObject([{ ...same, metadata: { NumSegments: '1' }, revision: 2 }]);
    const events = await world.eventCount();
    await world.compared(norte);
    expect(await world.eventCount()).toBe(events);
  });

  it('a message that a webhook told is no news to who compares', async () => {
    const from = person();
    const sid = world.standIn.act({ from, to: norte.number, body: 'hola' });
    await deliver(world.server, inboundSms(world.server, { sid, from, to: norte.number, body: 'hola' }));
    await world.compared(norte);
    expect(await found(sid)).toMatchObject([{ origin: 'WEBHOOK', revision: 1 }]);
  });

  it('a missing STOP counts, and a missing WhatsApp message opens its window', async () => {
    const [ana, bea] = [person(), person()];
    const sendability = async (channel: string, to: string) => {
      const query = 'query($o: ID!, $c: Channel!, $to: String!) { sendability(organizationId: $o, channel: $c, to: $to) { code } }';
      return (await ask(world.server, norte.key, query, { o: norte.id, c: channel, to })).sendability.code;
    };
    expect([await sendability('SMS', ana), await sendability('WHATSAPP', bea)]).toEqual([null, 'WHATSAPP_WINDOW_CLOSED']);
    world.standIn.act({ from: ana, to: norte.number, body: 'Stop' });
    world.standIn.act({ channel: 'WHATSAPP', from: bea, to: norte.number, body: 'stop' });
    await world.compared(norte);
    expect([await sendability('SMS', ana), await sendability('WHATSAPP', bea)]).toEqual(['OPTED_OUT', null]);
  });

  it('a call of ours has its end and its recording, and its second leg is no other call', async () => {
    const [plain, byAgent] = [
      { to: person(), say: 'Su cita es mañana.' },
      { to: person(), agent: person() },
    ];
    const ids = [await world.placeCall(norte, { ...plain, record: true }), await world.placeCall(norte, { ...byAgent, record: true })];
    for (const id of ids) await until(async () => (await world.one(norte, id)).externalId);
    await world.compared(norte);
    for (const id of ids) {
      await ready(id, 1);
      expect(await world.one(norte, id)).toMatchObject({ origin: 'API', status: 'COMPLETED', durationSeconds: 1 });
    }
    expect((await world.all(norte)).filter(({ to }) => to === byAgent.to)).toHaveLength(1);
    const events = await world.eventCount();
    await world.compared(norte);
    expect(await world.eventCount()).toBe(events);
  });

  it('nobody who was erased comes back, nor does what was sent to them and never answered', async () => {
    const [ana, bea] = [person(), person()];
    const sid = world.standIn.act({ from: ana, to: norte.number, body: 'hola' });
    await world.compared(norte);
    world.standIn.configure({ listDelayMs: 3_600_000 });
    world.standIn.misbehave({ kind: 'RESET', provider: 'TWILIO', path: 'Messages.json' });
    const lost = await world.sendSms(norte, { to: bea, body: 'secreto' });
    await world.reaches(norte, lost, 'UNKNOWN');
    for (const { contact } of [...(await found(sid)), await world.one(norte, lost)])
      await ask(world.server, norte.key, ERASE, { id: contact.id });
    const count = async () => (await world.server.database.query<{ n: number }>('select count(*)::int as n from activity'))[0]!.n;
    const before = await count();
    world.standIn.configure({ listDelayMs: 0 });
    await world.compared(norte);
    await world.compared(norte);
    expect(await count()).toBe(before);
    expect((await world.all(norte)).filter(({ from, to }) => [ana, bea].some((one) => [from, to].includes(one)))).toEqual([]);
  });

  it('costs three requests where nothing is missing', async () => {
    await world.compared(norte);
    world.standIn.forget();
    await world.compared(norte);
    const paths = world.standIn.requests.map(({ path }) => path.split('/').at(-1)!);
    const rounds = paths.filter((path) => path === 'Messages.json').length;
    expect(rounds).toBeGreaterThan(0);
    expect(paths.length).toBeLessThanOrEqual(3 * (rounds + 1));
    expect(new Set(paths)).toEqual(new Set(['Messages.json', 'Calls.json', 'Recordings.json']));
  });

  it('each activity is what all its events come to, merged in any order', async () => {
    const { rows, rebuilt } = await rowsAndRebuilt(world.server);
    expect(rows.length).toBeGreaterThan(5);
    expect(rebuilt).toEqual(rows);
  });
});
