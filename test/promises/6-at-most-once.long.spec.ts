import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Misbehavior } from '../../src/sandbox/misbehavior.js';
import {
  createSendingOrganization,
  LATER,
  newNumber,
  newRecipient,
  openWindow,
  send,
  type SendingOrganization,
  type Way,
  WAYS,
} from '../factories/sends.js';
import { takeAway } from '../support/database.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { inParallel } from '../support/post.js';
import { acceptedFor, makeDue, reached, requestsTo } from '../support/sent.js';
import { ServerProcess } from '../support/server-process.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { holdLock } from '../support/trouble.js';
import { until } from '../support/until.js';

const LAST: Record<Way, string> = { SMS: 'DELIVERED', WHATSAPP_TWILIO: 'READ', WHATSAPP_META: 'READ', EMAIL: 'OPENED', CALL: 'COMPLETED' };
/** After a start, what a process had begun and not ended is UNKNOWN within. */
const FOUND_MS = 15_000;
const LATE_CLOCK = path.resolve(import.meta.dirname, '../support/late-clock.js');
const numbers = (n: number) => Array.from({ length: n }, () => newNumber());
const inEveryWay = <T>(of: (way: Way) => T) => Object.fromEntries(WAYS.map((way) => [way, of(way)]));

interface Sent {
  readonly way: Way;
  readonly to: string;
  readonly id: string;
}

describe('A process that is killed, or whose database is away, sends at most once', () => {
  let server: ServerProcess;
  let standIn: StandInWorld['standIn'];
  let environment: StandInWorld['environment'];
  let norte: SendingOrganization;

  beforeAll(async () => {
    ({ server, standIn, environment } = await startServerWithStandIn({}, ServerProcess));
    norte = await createSendingOrganization(server);
  });
  beforeEach(async () => {
    if (!server.isRunning) await server.launch();
    await standIn.settle();
    standIn.behave();
    standIn.configure({ webhooks: true, stepMs: 10 });
  });
  afterAll(async () => {
    await server.dispose();
    await standIn.stop();
  });

  const people = async () => {
    const all = WAYS.map((way) => ({ way, to: newRecipient(way) }));
    await Promise.all(all.map(({ way, to }) => openWindow(standIn, norte, way, to)));
    return all;
  };
  const sendOne = async ({ way, to }: Omit<Sent, 'id'>, input: object = {}): Promise<Sent> => {
    const { id, text } = await send(server, norte, way, to, { input: { ...input } });
    if (!id) throw new Error(text);
    return { way, to, id };
  };
  const misbehave = (misbehavior: Misbehavior) => standIn.misbehave({ times: WAYS.length, ...misbehavior });
  const restart = async () => {
    await server.crash();
    await server.launch();
  };
  const count = (to: string) => [requestsTo(standIn, to).length, acceptedFor(standIn, to)];
  const waiting = () =>
    server.database.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  const ends = async (sends: readonly Sent[], wanted: (way: Way) => string | readonly string[], ms = FOUND_MS) =>
    Object.fromEntries(
      await Promise.all(
        sends.map(async ({ way, to, id }) => {
          const { status } = await reached(server, norte.key, id, wanted(way), ms);
          return [way, [status, ...count(to)]] as const;
        }),
      ),
    );
  /** Whatever else is due by now has left once this one has. */
  const looked = async () => {
    const { id } = await sendOne({ way: 'SMS', to: newNumber() }, { sendAt: LATER });
    await makeDue(server.database, [id], () => 0);
    await reached(server, norte.key, id, ['SENT', 'DELIVERED'], FOUND_MS);
  };
  const asked = (sends: readonly Omit<Sent, 'id'>[]) =>
    until(() => sends.every(({ to }) => requestsTo(standIn, to).length === 1), { what: 'a request of each' });

  it('no answer within our deadline leaves it UNKNOWN, and it is not asked for again', async () => {
    misbehave({ kind: 'HANG', takesEffect: false });
    const sends = await Promise.all((await people()).map((one) => sendOne(one)));
    await asked(sends);
    const from = Date.now();
    expect(await ends(sends, () => 'UNKNOWN', 20_000)).toEqual(inEveryWay(() => ['UNKNOWN', 1, 0]));
    expect(Date.now() - from).toBeGreaterThan(12_000);
    await looked();
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 0]));
  });

  it('killed while the provider is silent, what it took is UNKNOWN until a callback names it', async () => {
    standIn.configure({ stepMs: 15_000 });
    misbehave({ kind: 'HANG', takesEffect: true });
    const sends = await Promise.all((await people()).map((one) => sendOne(one)));
    await asked(sends);
    await restart();
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 1]));
    standIn.configure({ stepMs: 10 });
    expect(await ends(sends, (way) => LAST[way], 30_000)).toEqual(inEveryWay((way) => [LAST[way], 1, 1]));
  });

  it('killed while the provider is silent, what it did not take is UNKNOWN within 15 seconds of the start, and stays so', async () => {
    misbehave({ kind: 'HANG', takesEffect: false });
    const sends = await Promise.all((await people()).map((one) => sendOne(one)));
    await asked(sends);
    await restart();
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 0]));
    await looked();
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 0]));
  });

  it('killed between the answer and its being stored, it is UNKNOWN and not asked for again', async () => {
    const all = await people();
    standIn.configure({ webhooks: false });
    misbehave({ kind: 'DELAY', ms: 2_000 });
    const sends = await Promise.all(all.map((one) => sendOne(one)));
    const release = await holdLock(server.database, norte.id);
    await until(() => all.every(({ to }) => requestsTo(standIn, to)[0]?.status), { what: 'all answers' });
    await server.crash();
    // What a statement that waits for a lock would write it writes after the death of who sent it.
    await until(async () => !(await waiting()).length, { what: 'the end of all that wait' });
    await release();
    await server.launch();
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 1]));
    await looked();
    expect(await ends(sends, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 1]));
  });

  it('killed as soon as the mutation is answered, each is asked for once at most, and what nobody asked for is known', async () => {
    const sends = await Promise.all((await people()).map((one) => sendOne(one)));
    await restart();
    for (const one of sends) {
      const { status } = await reached(
        server,
        norte.key,
        one.id,
        [LAST[one.way], 'SENT', 'UNKNOWN', ...(one.way === 'CALL' ? ['QUEUED'] : [])],
        FOUND_MS,
      );
      expect([one.way, status, requestsTo(standIn, one.to).length <= 1]).toEqual([one.way, status, true]);
    }
  });

  it('killed amid a burst, what was begun is UNKNOWN or told of by callbacks, what was not leaves once, and a key repeats nothing', async () => {
    standIn.configure({ retryMs: 1_000 });
    const all = numbers(90).map((to) => ({ way: 'SMS' as const, to }));
    let answered = 0;
    let crash: Promise<void> | undefined;
    const first = new Map<string, string>();
    await inParallel(all, 30, async (one) => {
      const sent = await sendOne(one, { idempotencyKey: `burst ${one.to}` }).catch(() => undefined);
      if (sent) first.set(one.to, sent.id);
      if (++answered === 30) crash = server.crash();
    });
    await crash;
    await server.launch();
    const sends = new Map<string, string>();
    await inParallel(all, 30, async (one) => void sends.set(one.to, (await sendOne(one, { idempotencyKey: `burst ${one.to}` })).id));
    for (const [to, id] of first) expect(sends.get(to)).toBe(id);
    for (const { to } of all) await reached(server, norte.key, sends.get(to)!, ['DELIVERED', 'UNKNOWN', 'SENT'], FOUND_MS);
    await looked();
    const tally: Record<string, number> = {};
    for (const { to } of all) {
      const { status } = await reached(server, norte.key, sends.get(to)!, ['DELIVERED', 'UNKNOWN', 'SENT'], FOUND_MS);
      tally[status] = (tally[status] ?? 0) + 1;
      expect(requestsTo(standIn, to).length).toBeLessThanOrEqual(1);
      if (status !== 'UNKNOWN') expect(count(to)).toEqual([1, 1]);
    }
    expect(tally.DELIVERED).toBeGreaterThan(30);
  });

  it('killed with some scheduled and one that waits for its Retry-After, all leave once and none too early', async () => {
    standIn.misbehave({ kind: 'RATE_LIMIT', retryAfterSeconds: 5 });
    const late = await sendOne({ way: 'SMS', to: newNumber() });
    await until(() => requestsTo(standIn, late.to)[0]?.status === 429);
    const all = await Promise.all(numbers(30).map((to) => sendOne({ way: 'SMS', to }, { sendAt: LATER })));
    await server.crash();
    await makeDue(
      server.database,
      all.map(({ id }) => id),
      () => 0,
    );
    await server.launch();
    for (const { id, to } of all) {
      await reached(server, norte.key, id, 'DELIVERED', FOUND_MS);
      expect(count(to)).toEqual([1, 1]);
    }
    await reached(server, norte.key, late.id, 'DELIVERED');
    const [refused, taken] = requestsTo(standIn, late.to).map(({ at }) => Date.parse(at)) as [number, number];
    expect([requestsTo(standIn, late.to).length, taken - refused >= 5_000]).toEqual([2, true]);
  });

  it('killed again and again while scheduled ones leave, none leaves twice', async () => {
    const all = await Promise.all(numbers(100).map((to) => sendOne({ way: 'SMS', to }, { sendAt: LATER })));
    await makeDue(
      server.database,
      all.map(({ id }) => id),
      () => 0,
    );
    const requests = () => all.reduce((sum, { to }) => sum + requestsTo(standIn, to).length, 0);
    for (const n of [1, 40]) {
      await until(() => requests() >= n);
      await restart();
    }
    for (const { id } of all) await reached(server, norte.key, id, ['DELIVERED', 'SENT', 'UNKNOWN'], FOUND_MS);
    await looked();
    for (const { id, to } of all) {
      const { status } = await reached(server, norte.key, id, ['DELIVERED', 'SENT', 'UNKNOWN']);
      expect(requestsTo(standIn, to).length).toBeLessThanOrEqual(1);
      if (status !== 'UNKNOWN') expect(count(to)).toEqual([1, 1]);
    }
  });

  it('a SIGTERM amid a burst leaves none UNKNOWN, and what was not begun leaves after the next start', async () => {
    standIn.configure({ webhooks: false });
    standIn.misbehave({ kind: 'DELAY', ms: 3_000, times: 0 });
    const all = numbers(120).map((to) => ({ way: 'SMS' as const, to }));
    const sends: Sent[] = [];
    let exit: Promise<number | null> | undefined;
    await inParallel(all, 60, async (one) => {
      const sent = await sendOne(one).catch(() => undefined);
      if (sent) sends.push(sent);
      if (sends.length === 80) exit = server.stop();
    });
    expect(await exit).toBe(0);
    standIn.behave();
    await server.launch();
    for (const { id, to } of sends) {
      await reached(server, norte.key, id, 'SENT', FOUND_MS);
      expect(count(to)).toEqual([1, 1]);
    }
  });

  it('while the database is away amid a burst nothing is sent twice, and once it is back all of it is known', async () => {
    standIn.misbehave({ kind: 'DELAY', ms: 200, times: 0 });
    const all = numbers(120).map((to) => ({ way: 'SMS' as const, to }));
    let answered = 0;
    let away: Promise<() => Promise<void>> | undefined;
    const failed: typeof all = [];
    const sends = new Map<string, string>();
    await inParallel(all, 30, async (one) => {
      const sent = await sendOne(one, { idempotencyKey: `away ${one.to}` }).catch(() => undefined);
      if (sent) sends.set(one.to, sent.id);
      else failed.push(one);
      if (++answered === 40) away = takeAway(server.database);
    });
    await (
      await away!
    )();
    expect(failed.length).toBeGreaterThan(0);
    await until(async () => (await fetch(`${server.url}/health/ready`)).ok, { what: 'readiness' });
    await inParallel(failed, 30, async (one) => void sends.set(one.to, (await sendOne(one, { idempotencyKey: `away ${one.to}` })).id));
    for (const { to } of all) {
      const { status } = await reached(server, norte.key, sends.get(to)!, ['DELIVERED', 'SENT', 'UNKNOWN'], FOUND_MS);
      expect([status, ...count(to)]).toEqual([status === 'UNKNOWN' ? 'DELIVERED' : status, 1, 1]);
    }
  });

  it('what was noted, where the answer to the note is lost, leaves once all the same, and a key repeats nothing', async () => {
    const proxy = await DatabaseProxy.start(server.database.url);
    const second = await ServerProcess.start({ besides: server, env: { ...environment, DATABASE_URL: proxy.url } });
    await server.stop(); // else it might be the one that takes up what is due
    try {
      const [atOnce, scheduled] = numbers(2) as [string, string];
      const input = { idempotencyKey: 'lost', body: 'una respuesta perdida' };
      proxy.loseAnswerTo((bytes) => bytes.includes(input.body));
      const first = await send(second, norte, 'SMS', atOnce, { input });
      expect([proxy.lost, first.code]).toEqual([1, 'INTERNAL']);
      const again = await send(second, norte, 'SMS', atOnce, { input });
      expect(again.id).toBeDefined();

      const later = await send(second, norte, 'SMS', scheduled, { input: { sendAt: new Date(Date.now() + 1_000).toISOString() } });
      // What a transaction sends after what it writes is its commit.
      proxy.loseAnswerTo((_, before) => before.includes(later.id) && before.includes('SENDING'));
      await until(() => proxy.lost === 2, { what: 'a lost answer' });
      for (const [{ id }, to] of [
        [again, atOnce],
        [later, scheduled],
      ] as const) {
        await reached(second, norte.key, id, 'SENT', 30_000);
        expect(count(to)).toEqual([1, 1]);
      }
    } finally {
      await second.dispose();
      await proxy.stop();
    }
  });

  it('what was noted by a process whose clock is late is taken for one that never began no sooner', async () => {
    const proxy = await DatabaseProxy.start(server.database.url);
    const env = { ...environment, DATABASE_URL: proxy.url, NODE_OPTIONS: `--import ${LATE_CLOCK}` };
    const late = await ServerProcess.start({ besides: server, env });
    await server.stop(); // else it might be the one that takes it up
    try {
      const to = newNumber();
      const input = { idempotencyKey: 'late', body: 'un reloj que atrasa' };
      proxy.loseAnswerTo((bytes) => bytes.includes(input.body));
      expect((await send(late, norte, 'SMS', to, { input })).code).toBe('INTERNAL');
      const { id } = await send(late, norte, 'SMS', to, { input });
      const stateOf = async () => (await server.database.query('select state from send_item where activity_id = $1', [id]))[0];
      await sleep(6_000); // three sweeps
      expect([await stateOf(), count(to)]).toEqual([{ state: 'ATTEMPTED' }, [0, 0]]);
      await reached(late, norte.key, id, 'SENT', 30_000);
      expect(count(to)).toEqual([1, 1]);
    } finally {
      await late.dispose();
      await proxy.stop();
    }
  });

  it('the same key after a start is the same send', async () => {
    const to = newNumber();
    const [first] = [await sendOne({ way: 'SMS', to }, { idempotencyKey: 'before and after' })];
    await reached(server, norte.key, first.id, 'DELIVERED');
    await restart();
    expect((await sendOne({ way: 'SMS', to }, { idempotencyKey: 'before and after' })).id).toBe(first.id);
    expect((await send(server, norte, 'SMS', to, { input: { idempotencyKey: 'before and after', body: 'otra cosa' } })).code).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    expect(count(to)).toEqual([1, 1]);
  });

  it('a process that dies beside one that lives leaves to that one what it had not begun', async () => {
    const second = await ServerProcess.start({
      besides: server,
      env: environment,
    });
    try {
      misbehave({ kind: 'HANG', takesEffect: false });
      const hanging = await Promise.all(
        (await people()).map(async ({ way, to }) => ({ way, to, id: (await send(second, norte, way, to)).id })),
      );
      await asked(hanging);
      const input = { sendAt: LATER };
      const later = await Promise.all(numbers(20).map(async (to) => ({ to, id: (await send(second, norte, 'SMS', to, { input })).id })));
      await second.crash();
      await makeDue(
        server.database,
        later.map(({ id }) => id),
        () => 0,
      );
      expect(await ends(hanging, () => 'UNKNOWN')).toEqual(inEveryWay(() => ['UNKNOWN', 1, 0]));
      for (const { id, to } of later) {
        await reached(server, norte.key, id, 'DELIVERED', FOUND_MS);
        expect(count(to)).toEqual([1, 1]);
      }
    } finally {
      await second.dispose();
    }
  });
});

describe('With SEND_RATE', () => {
  it('two processes together send no faster for one sender, and another sender does not wait', async () => {
    const env = { SEND_RATE: '20' };
    const world = await startServerWithStandIn({ env }, ServerProcess);
    const second = await ServerProcess.start({ besides: world.server, env: { ...world.environment, ...env } });
    const servers = [world.server, second];
    try {
      const [norte, sur] = [await createSendingOrganization(world.server), await createSendingOrganization(world.server, 'sur')];
      const all = numbers(40);
      const sentAt = Date.now() + 1_000;
      // Half of them at once, and half by a schedule.
      const ids = await Promise.all(
        all.map(async (to, i) => {
          const sendAt = i % 4 < 2 ? null : new Date(sentAt).toISOString();
          return (await send(servers[i % 2]!, norte, 'SMS', to, { input: { sendAt } })).id;
        }),
      );
      const other = newNumber();
      const { id } = await send(second, sur, 'SMS', other);
      await reached(second, sur.key, id, 'DELIVERED', 1_000);
      for (const one of ids) await reached(second, norte.key, one, 'DELIVERED');
      expect(all.map((to) => requestsTo(world.standIn, to).length)).toEqual(all.map(() => 1));
      // The nth leaves at the nth turn or later, and the turns begin when the first was accepted.
      const times = all.map((to) => Date.parse(requestsTo(world.standIn, to)[0]!.at)).sort((a, b) => a - b);
      const [{ begun }] = (await world.server.database.query<{ begun: Date }>(
        'select min(created_at) as begun from activity where organization_id = $1',
        [norte.id],
      )) as [{ begun: Date }];
      const early = times.filter((at, n) => at < begun.getTime() + (n * 1_000) / 20);
      expect(early).toEqual([]);
    } finally {
      await second.dispose();
      await world.server.dispose();
      await world.standIn.stop();
    }
  });
});
