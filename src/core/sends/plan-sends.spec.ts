import { inputHashOf } from './input-hash.js';
import { Pacing } from './pacing.js';
import { Room } from './room.js';
import { planSends, type SendsPast, type SendsPresent } from './plan-sends.js';
import { type PreparedSend } from './prepared-send.js';
import { type SendFacts } from './send-rules.js';

const NOW = new Date('2026-11-25T12:00:00Z');
const FINE: SendFacts = { consent: null, heardAt: null, newer: null };
let ids = 0;
const newId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`;

const send = (change: Partial<PreparedSend> = {}): PreparedSend => ({
  organizationId: 'o',
  channel: 'SMS',
  provider: 'TWILIO',
  accountId: 'AC1',
  from: '+15005550006',
  recipients: [{ activityId: newId(), to: '+34600123456', addressHash: 'h', identity: null }],
  subject: null,
  body: 'hola',
  html: null,
  content: { answers: null },
  files: [],
  metadata: {},
  answersId: null,
  sendAt: null,
  idempotencyKey: null,
  inputHash: 'aa',
  sentBy: 'key',
  draft: false,
  ...change,
});
const roomFor = (attempts: number) => new Room({ attempts, attemptsOfAccount: attempts, bytes: 1_000 });
const present = (change: Partial<SendsPresent> = {}): SendsPresent => ({
  now: NOW,
  newId,
  room: roomFor(10),
  processName: 'me',
  pacing: new Pacing(undefined, []),
  ...change,
});
const past = (sends: readonly PreparedSend[], change: Partial<SendsPast> = {}): SendsPast => ({
  known: [],
  facts: sends.flatMap(({ recipients }) => recipients.map(() => FINE)),
  ...change,
});
const statuses = (drafts: readonly { draft: { event: { status: unknown } } }[]) => drafts.map(({ draft }) => draft.event.status);

describe('sends that are accepted together', () => {
  it('leave at once where there is room: created, noted and on their way in one', () => {
    const one = send();
    const plan = planSends([one], past([one]), present());
    expect(statuses(plan.drafts)).toEqual(['QUEUED', 'SENDING']);
    expect(plan.items).toMatchObject([{ state: 'ATTEMPTED', attempts: 1, attemptedBy: 'me' }]);
    expect(plan.departures).toMatchObject([{ activityId: one.recipients[0]!.activityId, to: '+34600123456', attempt: 1, notedAt: NOW }]);
  });

  it('wait where there is none', () => {
    const sends = [send(), send()];
    const plan = planSends(sends, past(sends), present({ room: roomFor(1) }));
    expect(plan.items.map(({ state }) => state)).toEqual(['ATTEMPTED', 'WAITING']);
    expect(plan.departures).toHaveLength(1);
  });

  it('are drafts of who may only propose, and scheduled for later where a time is given', () => {
    const later = new Date(NOW.getTime() + 60_000);
    const sends = [send({ draft: true, sendAt: later }), send({ sendAt: later }), send({ sendAt: new Date(NOW.getTime() - 1) })];
    const plan = planSends(sends, past(sends), present());
    expect(statuses(plan.drafts)).toEqual(['DRAFT', 'SCHEDULED', 'QUEUED', 'SENDING']);
    expect(plan.items.map(({ state, dueAt }) => [state, dueAt])).toEqual([
      ['DRAFT', later],
      ['WAITING', later],
      ['ATTEMPTED', NOW],
    ]);
  });

  it('of one key are one, in the database as in the group; with another input they are a conflict', () => {
    const sends = [
      send({ idempotencyKey: 'k' }),
      send({ idempotencyKey: 'k' }),
      send({ idempotencyKey: 'k', inputHash: 'bb' }),
      send({ idempotencyKey: 'old' }),
    ];
    const known = [{ organizationId: 'o', idempotencyKey: 'old', inputHash: 'aa', activityIds: ['before'] }];
    const plan = planSends(sends, past(sends, { known }), present());
    const ids = [sends[0]!.recipients[0]!.activityId];
    expect(plan.results).toEqual([
      { kind: 'ACCEPTED', activityIds: ids },
      { kind: 'ACCEPTED', activityIds: ids },
      { kind: 'CONFLICT' },
      { kind: 'ACCEPTED', activityIds: ['before'] },
    ]);
    expect(plan.sends).toHaveLength(1);
  });

  it('with a known key answer whatever the rules say now; another organization has keys of its own', () => {
    const sends = [send({ idempotencyKey: 'old' }), send({ idempotencyKey: 'old', organizationId: 'other' })];
    const facts = [{ ...FINE, consent: { optedOut: true, reason: '', at: NOW.toISOString() } }, FINE];
    const known = [{ organizationId: 'o', idempotencyKey: 'old', inputHash: 'aa', activityIds: ['before'] }];
    const { results, sends: made } = planSends(sends, { known, facts }, present());
    expect(results.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(made).toMatchObject([{ organizationId: 'other' }]);
  });

  it('are refused whole where one of their recipients is, and their neighbours are not', () => {
    const two = send({
      channel: 'EMAIL',
      recipients: ['a@x.example', 'b@x.example'].map((to) => ({ activityId: newId(), to, addressHash: to, identity: null })),
    });
    const sends = [two, send()];
    const facts = [FINE, { ...FINE, consent: { optedOut: true, reason: 'SPAM_REPORT', at: NOW.toISOString() } }, FINE];
    const plan = planSends(sends, { known: [], facts }, present());
    expect(plan.results).toMatchObject([{ kind: 'REFUSED', refusal: { code: 'SUPPRESSED' }, to: 'b@x.example' }, { kind: 'ACCEPTED' }]);
    expect(plan.items).toHaveLength(1);
  });

  it('take turns where their sender has a rate, and each sender its own', () => {
    const sends = [send(), send(), send(), send({ from: '+15005550007' })];
    const pacing = new Pacing(10, []);
    const plan = planSends(sends, past(sends), present({ pacing }));
    expect(plan.items.map(({ state, dueAt }) => [state, dueAt.getTime() - NOW.getTime()])).toEqual([
      ['ATTEMPTED', 0],
      ['WAITING', 100],
      ['WAITING', 200],
      ['ATTEMPTED', 0],
    ]);
    expect([...pacing.written.values()].map(({ nextAt }) => nextAt.getTime() - NOW.getTime())).toEqual([300, 100]);
  });

  it('that ring somebody stay queued: a call is not sent', () => {
    const call = send({ channel: 'VOICE', content: { answers: null, call: { agent: null, say: 'hola', record: false } } });
    expect(statuses(planSends([call], past([call]), present()).drafts)).toEqual(['QUEUED']);
  });
});

describe('two inputs', () => {
  it('are the same by what they say, not by the order they say it in or by what they leave out', () => {
    expect(inputHashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(inputHashOf({ b: { c: [1, 2] }, a: 1, e: undefined }));
    expect(inputHashOf({ a: [1, 2] })).not.toBe(inputHashOf({ a: [2, 1] }));
    expect(inputHashOf({ at: new Date(0) })).toBe(inputHashOf({ at: '1970-01-01T00:00:00.000Z' }));
    expect(inputHashOf({ a: '' })).not.toBe(inputHashOf({}));
  });
});
