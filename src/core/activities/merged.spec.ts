import fc from 'fast-check';
import { type DraftEvent } from '../adapters/activity-draft.js';
import { ActivityStatus } from '../adapters/activity-status.js';
import { STAND_IN } from '../adapters/stand-in.js';
import { addsTo, ERASED_ORDER, merge, type Merged, mergedOf } from './merged.js';

const STATUSES = [
  ActivityStatus.QUEUED,
  ActivityStatus.SENDING,
  ActivityStatus.SENT,
  ActivityStatus.UNDELIVERED,
  ActivityStatus.DELIVERED,
] as const;

/** Events as one provider tells them: a key says the same thing whenever it is said. */
const history = fc
  .uniqueArray(
    fc.record({
      status: fc.constantFrom(...STATUSES, null),
      at: fc.option(fc.integer({ min: 0, max: 5 })),
      name: fc.constantFrom('a', 'b', 'c'),
      facts: fc.record({ body: fc.string(), to: fc.constantFrom('+1', '+2') }, { requiredKeys: [] }),
      metadata: fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), fc.integer(), { maxKeys: 3 }),
      reaction: fc.option(fc.record({ from: fc.constantFrom('+1', '+2'), emoji: fc.constantFrom('👍', null) })),
      failed: fc.boolean(),
      edited: fc.boolean(),
      receivedAt: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: 1, maxLength: 8, selector: (e) => `${e.status}/${e.name}` },
  )
  .map((events) =>
    events.map((e): Merged => {
      const event: DraftEvent = {
        key: e.status === 'QUEUED' && e.name === 'a' ? 'api/created' : `webhook/${e.status}/${e.name}`,
        kind: e.edited && e.status === null ? 'EDITED' : 'STATUS',
        status: e.status,
        occurredAt: e.at === null ? null : new Date(e.at * 1000),
        error: e.failed && e.status ? { code: '30003', message: null } : null,
        metadata: e.metadata,
      };
      return mergedOf(
        { channel: 'SMS', event, facts: e.facts, ...(e.reaction && { reaction: e.reaction }) },
        new Date(e.receivedAt * 1000),
      );
    }),
  );

const fold = (events: readonly Merged[]): Merged => events.reduce((a, b) => merge(a, b));
/** One event that says nothing has an order that no field came from: any merge drops it. */
const settled = (one: Merged): Merged => merge(one, one);
/** Object keys may come in any order; nothing else may differ. */
const same = (a: Merged, b: Merged) => expect(settled(a)).toEqual(settled(b));

describe('merge', () => {
  it('leaves a field that was erased as it is, whatever is said of it before or after, and shows no order of the rest', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const { orders, fields } = fold(before).provenance;
        const erased: Merged = {
          ...fold(before),
          facts: { ...fold(before).facts, to: '' },
          provenance: { orders: [...orders, ERASED_ORDER], fields: { ...fields, to: orders.length } },
        };
        expect(fold([erased, ...after]).facts.to).toBe('');
        same(fold([erased, ...after]), fold([...after.reverse(), erased]));
      }),
    );
  });

  it('does not show the order in which events came', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (events, random) => {
        const shuffled = events
          .map((e) => ({ e, n: random.next().value as number }))
          .sort((a, b) => a.n - b.n)
          .map(({ e }) => e);
        same(fold(shuffled), fold(events));
      }),
    );
  });

  it('does not show how events were grouped', () => {
    fc.assert(
      fc.property(history, fc.nat(), (events, cut) => {
        const at = 1 + (cut % events.length);
        const groups = [events.slice(0, at), events.slice(at)].filter((g) => g.length).map(fold);
        same(fold(groups), fold(events));
      }),
    );
  });

  it('does not show that an event was repeated', () => {
    fc.assert(
      fc.property(history, fc.nat(), (events, i) => {
        same(fold([...events, events[i % events.length]!, fold(events)]), fold(events));
      }),
    );
  });

  it('is without what adds nothing the same for ever, times aside', () => {
    const timeless = ({ occurred: _, milestones, ...rest }: Merged) => ({ ...rest, milestones: Object.keys(milestones).sort() });
    fc.assert(
      fc.property(history, history, fc.nat(), (events, later, i) => {
        const [known, again] = [fold(events), events[i % events.length]!];
        expect(addsTo(known, again)).toBe(false);
        for (const one of later)
          if (!addsTo(known, one)) expect(timeless(fold([known, one, ...later]))).toEqual(timeless(fold([known, ...later])));
      }),
    );
  });

  it('gives the highest status, and every status reached as a milestone', () => {
    fc.assert(
      fc.property(history, (events) => {
        const reached = events.map((e) => e.status).filter((s) => s !== null);
        const highest = [...STATUSES].reverse().find((s) => reached.includes(s)) ?? null;
        const merged = fold(events);
        expect(merged.status).toBe(highest);
        expect(new Set(Object.keys(merged.milestones))).toEqual(new Set(reached));
      }),
    );
  });

  const event = (status: ActivityStatus, error: DraftEvent['error'] = null): Merged =>
    mergedOf(
      {
        channel: 'SMS',
        event: { key: `webhook/message/status/${status}`, kind: 'STATUS', status, occurredAt: null, error, metadata: {} },
        facts: {},
      },
      new Date(0),
    );

  it('takes back an error when a later status says that all is well', () => {
    const undelivered = event('UNDELIVERED', { code: '30003', message: null });
    expect(merge(undelivered, event('SENT')).error).toEqual({ code: '30003', message: null });
    expect(merge(event('DELIVERED'), undelivered).error).toBeNull();
  });

  it('never takes back a fact because a later event is silent about it', () => {
    const received = mergedOf(
      {
        channel: 'SMS',
        event: { key: 'in', kind: 'STATUS', status: 'SENT', occurredAt: null, error: null, metadata: {} },
        facts: { body: 'hola' },
      },
      new Date(0),
    );
    expect(merge(received, event('DELIVERED')).facts.body).toBe('hola');
  });

  it('takes the text of the newest edit, whatever has become of the message since', () => {
    const said = (kind: DraftEvent['kind'], status: ActivityStatus | null, second: number, body: string): Merged =>
      mergedOf(
        {
          channel: 'WHATSAPP',
          event: { key: `${kind}/${second}`, kind, status, occurredAt: new Date(second * 1000), error: null, metadata: {} },
          facts: { body },
        },
        new Date(0),
      );
    const first = said('EDITED', null, 2, 'martes');
    const second = said('EDITED', null, 3, 'miércoles');
    for (const order of [
      [said('STATUS', 'RECEIVED', 1, 'lunes'), first, second],
      [second, first, said('STATUS', 'RECEIVED', 1, 'lunes')],
    ])
      expect(fold(order)).toMatchObject({ status: 'RECEIVED', facts: { body: 'miércoles' } });
  });

  it('does not date a call by what is told beside its course', () => {
    const told = (status: ActivityStatus | null, occurredAt: Date | null, receivedAt: number) =>
      mergedOf(
        { channel: 'VOICE', event: { key: `k/${status}`, kind: 'STATUS', status, occurredAt, error: null, metadata: {} }, facts: {} },
        new Date(receivedAt),
      );
    const [first, left] = [told('QUEUED', null, 1_000), told(null, new Date(600_000), 600_100)];
    for (const order of [
      [first, left],
      [left, first],
    ])
      expect(fold(order)).toMatchObject({ occurred: [1_000, 1] });
  });

  it('has a call begin where it ended less how long it was, and not where its end was told', () => {
    const ended = (occurredAt: Date | null) =>
      mergedOf(
        {
          channel: 'VOICE',
          event: { key: 'webhook/call/status/completed/0', kind: 'STATUS', status: 'COMPLETED', occurredAt, error: null, metadata: {} },
          facts: { durationSeconds: 30 },
        },
        new Date(99_000),
      );
    expect(ended(new Date(90_000))).toMatchObject({ occurred: [60_000, 0], milestones: { COMPLETED: [90_000, 0] } });
    expect(ended(null)).toMatchObject({ occurred: [99_000, 1], milestones: { COMPLETED: [99_000, 1] } });
  });

  it.each([null, new Date(1000)])('puts what stands in for a message, whenever it was, below the message of %p', (occurredAt) => {
    const received = (event: Pick<DraftEvent, 'key' | 'occurredAt' | 'error'>, type: string): Merged =>
      mergedOf(
        { channel: 'WHATSAPP', event: { kind: 'STATUS', status: 'RECEIVED', metadata: { type }, ...event }, facts: {} },
        new Date(0),
      );
    const error = { code: '131060', message: null };
    const standIn = received({ key: `${STAND_IN}in`, occurredAt: new Date(9000), error }, 'unsupported');
    expect(standIn).toMatchObject({ status: 'RECEIVED', error });
    const message = received({ key: 'webhook/message/in', occurredAt, error: null }, 'text');
    for (const merged of [merge(standIn, message), merge(message, standIn)])
      expect(merged).toMatchObject({ status: 'RECEIVED', error: null, metadata: { type: 'text' } });
  });

  it('prefers a time the provider sent to an earlier one of ours', () => {
    const ours = event('SENT');
    const theirs = mergedOf(
      {
        channel: 'SMS',
        event: { key: 'list', kind: 'STATUS', status: 'SENT', occurredAt: new Date(5000), error: null, metadata: {} },
        facts: {},
      },
      new Date(9000),
    );
    expect(merge(ours, theirs).occurred).toEqual([5000, 0]);
    expect(merge(theirs, ours).milestones.SENT).toEqual([5000, 0]);
  });
});
