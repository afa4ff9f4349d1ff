import { setTimeout } from 'node:timers/promises';
import { type Misbehavior } from '../../src/sandbox/misbehavior.js';
import {
  CANCEL,
  createSendingOrganization,
  newNumber,
  newRecipient,
  openWindow,
  send,
  type SendingOrganization,
  type Way,
  WAYS,
} from '../factories/sends.js';
import { createSender } from '../factories/organization.js';
import { form, sid, SMS_PATH } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { gql } from '../support/graphql.js';
import { inParallel, post } from '../support/post.js';
import { rowsAndRebuilt } from '../support/rebuilt.js';
import { acceptedFor, heardOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { type TestServer } from '../support/server.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { holdLock } from '../support/trouble.js';
import { until } from '../support/until.js';

/** What a provider tells of what it took, in order. */
const TOLD: Record<Way, readonly string[]> = {
  SMS: ['SENT', 'DELIVERED'],
  WHATSAPP_TWILIO: ['SENT', 'DELIVERED', 'READ'],
  WHATSAPP_META: ['SENT', 'DELIVERED', 'READ'],
  EMAIL: ['PROCESSED', 'DELIVERED', 'OPENED'],
  CALL: ['INITIATED', 'RINGING', 'ANSWERED', 'COMPLETED'],
};
const last = (way: Way): string => TOLD[way].at(-1)!;
/** What the answer alone makes of it. */
const answered = (way: Way): string => (way === 'CALL' ? 'QUEUED' : 'SENT');
const inEveryWay = <T>(of: (way: Way) => T) => Object.fromEntries(WAYS.map((way) => [way, of(way)]));

const UNVERIFIED = 'unverified@correo.example';

interface Sent {
  readonly way: Way;
  readonly to: string;
  readonly id: string;
}

describe('A send happens at most once unless provably not sent', () => {
  let server: TestServer;
  let standIn: StandInWorld['standIn'];
  let norte: SendingOrganization;
  let feed: FeedClient;
  /** Those whose fate nobody knew. */
  const unknown: Sent[] = [];

  beforeAll(async () => {
    ({ server, standIn } = await startServerWithStandIn());
    norte = await createSendingOrganization(server);
    await createSender(server, norte.id, 'correo.example', 'EMAIL');
    feed = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
  });
  beforeEach(async () => {
    await standIn.settle();
    standIn.behave();
    standIn.configure({ webhooks: true, duplicates: false, shuffle: false, stepMs: 10 });
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
    await standIn.stop();
  });

  /** For each way somebody new who can be written to. */
  const people = async () => {
    const all = WAYS.map((way) => ({ way, to: newRecipient(way) }));
    await Promise.all(all.map(({ way, to }) => openWindow(standIn, norte, way, to)));
    return all;
  };
  const sendOne = async ({ way, to }: Omit<Sent, 'id'>): Promise<Sent> => {
    const { id, text } = await send(server, norte, way, to);
    if (!id) throw new Error(text);
    return { way, to, id };
  };
  const sendToAll = async () => Promise.all((await people()).map(sendOne));
  /** To the next request in each way. */
  const misbehave = (misbehavior: Misbehavior) => standIn.misbehave({ times: WAYS.length, ...misbehavior });
  /** What became of them, by way, once each has its status. */
  const ends = async (sends: readonly Sent[], wanted: (way: Way) => string) =>
    Object.fromEntries(
      await Promise.all(
        sends.map(async ({ way, to, id }) => {
          const { status, externalId, error } = await reached(server, norte.key, id, wanted(way));
          const [requests, accepted] = [requestsTo(standIn, to).length, acceptedFor(standIn, to)];
          return [way, { status, known: externalId !== null, error, requests, accepted }] as const;
        }),
      ),
    );
  const heard = (id: string) => heardOf(feed, id);
  /** What comes before any answer: a message is SENDING from its first attempt on, a call is QUEUED until it rings. */
  const begun = (way: Way) => (way === 'CALL' ? ['CREATED'] : ['CREATED', 'SENDING']);
  const activitiesTo = async (to: string) =>
    (
      await server.database.query<{ n: number }>(`select count(*)::int as n from activity where "to" = $1 and direction = 'OUTBOUND'`, [to])
    )[0]!.n;
  /** Whether there is an outcome: of a call that is QUEUED nothing else tells. */
  const isEnded = async (id: string) =>
    (await server.database.query(`select from send_item where activity_id = $1 and state = 'ENDED'`, [id])).length === 1;
  const WELL = inEveryWay((way) => ({ status: last(way), known: true, error: null, requests: 1, accepted: 1 }));

  it('what goes well is asked for once, and each of its steps is heard once', async () => {
    const sends = await sendToAll();
    expect(await ends(sends, last)).toEqual(WELL);
    for (const { way, id } of sends) {
      const steps = [...begun(way), answered(way), ...TOLD[way]];
      await until(() => heard(id).length >= steps.length, { what: `${steps.join()} of ${way}, not ${heard(id).join()}` });
      // Of the answer and the first callback either may be first.
      expect([way, heard(id).slice(0, begun(way).length), heard(id).sort()]).toEqual([way, begun(way), steps.sort()]);
    }
  });

  it('while no connection can be made it is tried again, and asked for once when one can', async () => {
    const all = await people();
    await standIn.goAway();
    const sends = await Promise.all(all.map(sendOne));
    const ids = sends.map(({ id }) => id);
    await until(
      async () =>
        (await server.database.query(`select from send_item where activity_id = any($1) and state = 'WAITING' and attempts >= 1`, [ids]))
          .length === ids.length,
      { what: 'a first attempt of all' },
    );
    await standIn.comeBack();
    expect(await ends(sends, last)).toEqual(WELL);
  });

  it('an answer that comes late is waited for', async () => {
    const all = await people();
    standIn.configure({ webhooks: false });
    misbehave({ kind: 'DELAY', ms: 1_500 });
    const sends = await Promise.all(all.map(sendOne));
    await until(async () => (await Promise.all(sends.map(({ id }) => isEnded(id)))).every(Boolean), { what: 'all answers' });
    expect(await ends(sends, answered)).toEqual(inEveryWay((way) => ({ ...WELL[way], status: answered(way) })));
  });

  it('one provider that hangs does not stop the others, nor what is due of theirs', async () => {
    standIn.misbehave({ kind: 'DELAY', ms: 6_000, times: 0, provider: 'TWILIO' });
    const hanging = await Promise.all(Array.from({ length: 90 }, () => sendOne({ way: 'SMS', to: newNumber() })));
    const mail: Omit<Sent, 'id'> = { way: 'EMAIL', to: newRecipient('EMAIL') };
    const sentMs = performance.now();
    const sends = [await sendOne(mail)];
    const later = await send(server, norte, 'EMAIL', mail.to, { input: { sendAt: new Date(Date.now() + 1_000).toISOString() } });
    sends.push({ ...mail, id: later.id });
    for (const { id } of sends) await reached(server, norte.key, id, last('EMAIL'));
    expect(performance.now() - sentMs).toBeLessThan(4_000);
    const asked = hanging.map(({ to }) => requestsTo(standIn, to).length).reduce((sum, n) => sum + n, 0);
    expect(asked).toBe(64);
    standIn.behave();
    for (const { id } of hanging) await reached(server, norte.key, id, last('SMS'));
  });

  it('organizations that are held, with more due than one look takes, do not stop what is due of the others', async () => {
    const [held, sur] = [[norte, await createSendingOrganization(server, 'este')], await createSendingOrganization(server, 'sur')];
    const later = async (of: SendingOrganization) => {
      const to = newNumber();
      return { to, id: (await send(server, of, 'SMS', to, { input: { sendAt: '2099-12-23T09:00:00Z' } })).id, of };
    };
    const waiting = await Promise.all(held.flatMap((of) => Array.from({ length: 25 }, () => later(of))));
    const free = await later(sur);
    const releases = await Promise.all(held.map(({ id }) => holdLock(server.database, id)));
    try {
      const all = [...waiting, free].map(({ id }) => id);
      await makeDue(server.database, all, (i) => i - 1_000);
      await until(() => requestsTo(standIn, free.to).length === 1, { ms: 3_000, what: 'what is due of the one that is free' });
      expect(waiting.filter(({ to }) => requestsTo(standIn, to).length)).toEqual([]);
    } finally {
      for (const release of releases) await release();
    }
    for (const { id, of } of waiting) await reached(server, of.key, id, last('SMS'));
  });

  it('nor do they where more is asked of them meanwhile', async () => {
    const [held, free] = [await createSendingOrganization(server, 'centro'), await createSendingOrganization(server, 'oeste')];
    const [waiting, to] = [newNumber(), newNumber()];
    const later = (of: SendingOrganization, to: string) => send(server, of, 'SMS', to, { input: { sendAt: '2099-12-23T09:00:00Z' } });
    const due = [await later(held, waiting), await later(free, to)].map(({ id }) => id);
    const canceled = await Promise.all(Array.from({ length: 4 }, () => later(held, newNumber())));
    const release = await holdLock(server.database, held.id);
    const asked = [
      send(server, held, 'SMS', newNumber()).then(({ code }) => code),
      ...canceled.map(({ id }) => gql(server, held.key, CANCEL, { id }).then(({ code }) => code)),
    ];
    try {
      await makeDue(server.database, due, (i) => i - 1_000);
      await until(() => requestsTo(standIn, to).length === 1, { ms: 4_000, what: 'what is due of the one that is free' });
      expect(requestsTo(standIn, waiting)).toEqual([]);
    } finally {
      await release();
    }
    expect(await Promise.all(asked)).toEqual(asked.map(() => undefined));
    await reached(server, held.key, due[0]!, last('SMS'));
  });

  it('what is asked of an organization that another holds for some seconds is done once that lets go, and once', async () => {
    const selection = 'id contact { id }';
    const { sent } = await send(server, norte, 'SMS', newNumber(), { input: { sendAt: '2099-12-23T09:00:00Z' }, selection });
    const [{ id, contact }] = sent as [{ id: string; contact: { id: string } }];
    const to = newNumber();
    const release = await holdLock(server.database, norte.id);
    const mutation = (text: string) => gql(server, norte.key, `mutation { made: ${text} }`);
    const asked = Promise.all([
      mutation(`cancelActivity(id: "${id}") { status }`),
      mutation(`updateContact(id: "${contact.id}", name: "Ana") { name }`),
      send(server, norte, 'SMS', to, { selection: 'to' }),
    ]);
    await setTimeout(4_500);
    await release();
    expect((await asked).map(({ data }) => data.made)).toEqual([{ status: 'CANCELED' }, { name: 'Ana' }, { to }]);
    await until(() => acceptedFor(standIn, to) === 1, { what: 'the send' });
  });

  it('a connection that is closed before the body was read leaves it UNKNOWN, and it is not asked for again', async () => {
    misbehave({ kind: 'CLOSE' });
    const sends = await sendToAll();
    unknown.push(...sends);
    const end = { status: 'UNKNOWN', known: false, error: null, requests: 0, accepted: 0 };
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => end));
    expect(standIn.sends().filter(({ misbehavior }) => misbehavior === 'CLOSE')).toHaveLength(WAYS.length);
  });

  it.each<[string, Misbehavior]>([
    ['a connection that is reset after the body was read', { kind: 'RESET', takesEffect: false }],
    ['an error 500', { kind: 'ERROR', status: 500 }],
    ['an error 503', { kind: 'ERROR', status: 503 }],
    ['an error 408', { kind: 'ERROR', status: 408 }],
  ])('%s leaves it UNKNOWN, and it is not asked for again', async (_, misbehavior) => {
    misbehave(misbehavior);
    const sends = await sendToAll();
    unknown.push(...sends);
    const end = { status: 'UNKNOWN', known: false, error: null, requests: 1, accepted: 0 };
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => end));
  });

  it.each<[string, Misbehavior]>([
    ['a reset connection', { kind: 'RESET', takesEffect: true }],
    ['an error 500', { kind: 'ERROR', status: 500, takesEffect: true }],
  ])('what was taken nevertheless after %s is UNKNOWN until a callback names it', async (_, misbehavior) => {
    standIn.configure({ stepMs: 250 });
    misbehave(misbehavior);
    const sends = await sendToAll();
    expect(await ends(sends, last)).toEqual(WELL);
    for (const { way, id } of sends) expect([way, heard(id).slice(0, begun(way).length + 1)]).toEqual([way, [...begun(way), 'UNKNOWN']]);
  });

  it('after a 429 it is asked for once more, and not before it may be', async () => {
    misbehave({ kind: 'RATE_LIMIT', retryAfterSeconds: 2 });
    const sends = await sendToAll();
    const end = { known: true, error: null, requests: 2, accepted: 1 };
    expect(await ends(sends, last)).toEqual(inEveryWay((way) => ({ ...end, status: last(way) })));
    for (const { to } of sends) {
      const [first, second] = requestsTo(standIn, to).map(({ at }) => Date.parse(at)) as [number, number];
      expect(second - first).toBeGreaterThanOrEqual(2_000);
    }
  });

  it.each(['queued', 'delivered'])(
    'after a 429 it is asked for no more, nor canceled, once a callback (%s) proves that it was taken',
    async (status) => {
      standIn.misbehave({ kind: 'RATE_LIMIT', retryAfterSeconds: 600 });
      const { id, to } = await sendOne({ way: 'SMS', to: newNumber() });
      const stateOf = async () =>
        (await server.database.query<{ state: string }>('select state from send_item where activity_id = $1', [id]))[0]!.state;
      await until(async () => (await stateOf()) === 'WAITING', { what: 'the end of the first attempt' });
      const told = { MessageSid: sid('SM'), AccountSid: server.accountSid, MessageStatus: status, From: norte.number, To: to };
      expect((await post(server, form(server, told, `${SMS_PATH}?centralita_activity=${id}`))).status).toBe(204);
      expect((await gql(server, norte.key, 'mutation($id: ID!) { cancelActivity(id: $id) { id } }', { id })).code).toBe('BAD_USER_INPUT');
      await makeDue(server.database, [id], () => 0);
      await until(async () => (await stateOf()) === 'ENDED', { what: 'its end' });
      expect(await reached(server, norte.key, id, status === 'queued' ? 'SENDING' : 'DELIVERED')).toMatchObject({
        externalId: told.MessageSid,
      });
      expect(requestsTo(standIn, to)).toHaveLength(1);
    },
  );

  it('through a storm of 429s each of many is taken once', async () => {
    const all = Array.from({ length: 60 }, () => newRecipient('SMS'));
    standIn.misbehave({ kind: 'RATE_LIMIT', times: 100 });
    const sends: Sent[] = [];
    await inParallel(all, 20, async (to) => void sends.push(await sendOne({ way: 'SMS', to })));
    for (const { id } of sends) await reached(server, norte.key, id, 'DELIVERED');
    expect(all.map((to) => acceptedFor(standIn, to))).toEqual(all.map(() => 1));
    expect(standIn.sends().filter(({ misbehavior }) => misbehavior === 'RATE_LIMIT').length).toBeGreaterThanOrEqual(100);
  });

  it.each([
    ['a callback before the answer', () => misbehave({ kind: 'CALLBACK_FIRST' })],
    ['callbacks that come twice', () => standIn.configure({ duplicates: true })],
    ['callbacks in any order, some of them twice', () => standIn.configure({ shuffle: true, duplicates: true })],
  ])('%s makes no second activity, and undoes nothing', async (_, arrange) => {
    arrange();
    const sends = await sendToAll();
    expect(await ends(sends, last)).toEqual(WELL);
    await standIn.settle();
    expect(await ends(sends, last)).toEqual(WELL);
    for (const { way, to, id } of sends) {
      const steps = [...begun(way), answered(way), ...TOLD[way]].sort();
      await until(() => heard(id).length >= steps.length, { what: `${steps.join()} of ${way}, not ${heard(id).join()}` });
      expect([way, heard(id).sort(), await activitiesTo(to)]).toEqual([way, steps, 1]);
    }
  });

  it('where providers call nobody it is SENT, and a call QUEUED, by the answer alone', async () => {
    const all = await people();
    standIn.configure({ webhooks: false });
    const sends = await Promise.all(all.map(sendOne));
    await until(async () => (await Promise.all(sends.map(({ id }) => isEnded(id)))).every(Boolean), { what: 'all answers' });
    expect(await ends(sends, answered)).toEqual(inEveryWay((way) => ({ ...WELL[way], status: answered(way) })));
  });

  it.each<[Way, string, string, string, string, Record<string, unknown>]>([
    [
      'SMS',
      '+15005550001',
      '21211',
      'not a number that can receive messages or calls',
      'no es un número que pueda recibir mensajes ni llamadas',
      {},
    ],
    ['SMS', '+15005521408', '21408', 'may not send to that country', 'no puede enviar a ese país', {}],
    ['SMS', '+15005521608', '21608', 'can write only to verified numbers', 'solo puede escribir a números verificados', {}],
    ['SMS', '+15005550009', '21614', 'is not a number that can receive messages', 'no es un número que pueda recibir mensajes', {}],
    ['SMS', newNumber(), '21606', 'cannot send text messages', 'no puede enviar mensajes de texto', { body: 'sandbox:21606' }],
    ['SMS', '+15005520003', '20003', 'did not accept your credentials', 'no aceptó sus credenciales', {}],
    ['WHATSAPP_TWILIO', '+15005563007', '63007', 'is not a WhatsApp sender in Twilio', 'no es un remitente de WhatsApp en Twilio', {}],
    [
      'WHATSAPP_META',
      '+15005131030',
      '131030',
      'can write only to numbers on its list',
      'solo puede escribir a los números de su lista',
      {},
    ],
    ['WHATSAPP_META', '+15005131031', '131031', 'has restricted your business account', 'ha restringido su cuenta de empresa', {}],
    [
      'EMAIL',
      newRecipient('EMAIL'),
      '403',
      'does not let you send from that address',
      'no le permite enviar desde esa',
      { from: UNVERIFIED },
    ],
    ['CALL', '+15005550001', '21217', 'number called is not valid', 'número al que se llama no es válido', {}],
    ['CALL', '+15005521215', '21215', 'may not call that country', 'no puede llamar a ese país', {}],
  ])('%s to %s that is refused with %s is FAILED, asked for once, and says why in plain words', async (way, to, code, en, es, input) => {
    await openWindow(standIn, norte, way, to);
    const before = requestsTo(standIn, to).length;
    const { id } = await send(server, norte, way, to, { input });
    await reached(server, norte.key, id, 'FAILED');
    for (const [language, words] of [
      ['en', en],
      ['es-ES,es;q=0.9', es],
    ] as const) {
      const query = 'query($id: ID!) { activity(id: $id) { error { code message hint retryable } } }';
      const { data } = await gql(server, norte.key, query, { id }, { 'accept-language': language });
      expect(data.activity.error).toEqual({
        code,
        message: expect.stringContaining(words),
        hint: expect.stringMatching(/\w/),
        retryable: false,
      });
    }
    expect([requestsTo(standIn, to).length - before, acceptedFor(standIn, to)]).toEqual([1, 0]);
    await until(() => heard(id).includes('FAILED'), { what: 'FAILED in the feed' });
  });

  it('what was UNKNOWN still is, and nobody was asked for it again', async () => {
    for (const { way, id, to } of unknown)
      expect([way, (await reached(server, norte.key, id, 'UNKNOWN')).status, requestsTo(standIn, to).length <= 1]).toEqual([
        way,
        'UNKNOWN',
        true,
      ]);
    expect(unknown).toHaveLength(5 * WAYS.length);
  });

  it('each activity is what all its events come to, merged in any order', async () => {
    const { rows, rebuilt } = await rowsAndRebuilt(server);
    expect(rows.length).toBeGreaterThan(20);
    expect(rebuilt).toEqual(rows);
  });
});
