import { describe, expect, it } from '@jest/globals';
import { NAMED_SOMEBODY_ERASED } from './departure.js';
import { type DueItem } from './due-items.sql.js';
import { Pacing } from './pacing.js';
import { planDepartures } from './plan-departures.js';
import { Room } from './room.js';
import { type SendFacts } from './send-rules.js';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const NOTHING: SendFacts = { consent: null, heardAt: null, newer: null };
const before = (ms: number): string => new Date(NOW.getTime() - ms).toISOString();

function item(given: Partial<DueItem> = {}): DueItem {
  return {
    activityId: '01a2153f-0000-7000-8000-000000000001',
    organizationId: 'norte',
    accountId: 'AC1',
    attempts: 0,
    paced: false,
    dueAt: before(0),
    content: { answers: null },
    channel: 'SMS',
    provider: 'TWILIO',
    from: '+15005550006',
    to: '+34600111222',
    subject: null,
    body: 'hola',
    files: null,
    senderTaken: false,
    hasLeft: false,
    ...given,
  };
}

function plan(
  items: readonly DueItem[],
  {
    perSecond,
    slots = 64,
    facts = NOTHING,
    account = 'AC1',
  }: { perSecond?: number; slots?: number; facts?: SendFacts; account?: string | null } = {},
) {
  const room = new Room({ attempts: slots, attemptsOfAccount: slots, bytes: 1_000_000 });
  const { drafts, departures, postponed, ended } = planDepartures(
    items,
    items.map(() => facts),
    items.map(() => account ?? undefined),
    { pacing: new Pacing(perSecond, []), room, now: NOW },
  );
  const inMs = postponed.map(({ dueAt }) => dueAt.getTime() - NOW.getTime());
  return {
    left: departures.length,
    accounts: departures.map(({ accountId }) => accountId),
    attempts: departures.map(({ attempt }) => attempt),
    inMs,
    ended: ended.length,
    statuses: drafts.map(({ draft }) => draft.event.status),
  };
}

describe('What is due', () => {
  it('leaves, with one attempt more', () => {
    expect(plan([item(), item({ attempts: 2 })])).toMatchObject({ left: 2, attempts: [1, 3], inMs: [], statuses: ['SENDING', 'SENDING'] });
  });

  it('leaves without a status of its own where it is a call', () => {
    expect(plan([item({ channel: 'VOICE' })])).toMatchObject({ left: 1, statuses: [] });
  });

  it('waits for its turn where its sender has a rate', () => {
    expect(plan([item(), item(), item()], { perSecond: 10 })).toMatchObject({ left: 1, inMs: [100, 200] });
  });

  it('leaves at the turn it has, and a look late', () => {
    const late = [0, 40, 400, 1_500].map((ms) => item({ paced: true, dueAt: before(ms) }));
    expect(plan(late, { perSecond: 100 })).toMatchObject({ left: 4, inMs: [] });
  });

  it('takes a new turn where it missed its own by long, so that what waited does not leave at once', () => {
    const missed = [60_000, 60_010, 60_020].map((ms) => item({ paced: true, dueAt: before(ms) }));
    expect(plan(missed, { perSecond: 100 })).toMatchObject({ left: 1, inMs: [10, 20] });
  });

  it('stays as it is where there is no room', () => {
    expect(plan([item(), item()], { slots: 1 })).toMatchObject({ left: 1, inMs: [], ended: 0, statuses: ['SENDING'] });
  });

  it('is canceled by an opt-out, and fails by what else holds it back', () => {
    const facts = { ...NOTHING, consent: { optedOut: true, reason: '', at: before(0) } };
    expect(plan([item()], { facts })).toMatchObject({ left: 0, ended: 1, statuses: ['CANCELED'] });
    expect(plan([item()], { facts: { ...facts, consent: { ...facts.consent, reason: 'BOUNCED' } } })).toMatchObject({
      statuses: ['FAILED'],
    });
    expect(plan([item({ channel: 'WHATSAPP' })])).toMatchObject({ left: 0, ended: 1, statuses: ['FAILED'] });
  });

  it('is canceled where somebody whom it named was erased while it was tried', () => {
    const named = item({ channel: 'EMAIL', attempts: 1, content: NAMED_SOMEBODY_ERASED });
    expect(plan([named])).toMatchObject({ left: 0, ended: 1, statuses: ['CANCELED'] });
  });

  it('ends, and is asked for no more, where its provider has it, whatever the rules say', () => {
    const facts = { ...NOTHING, consent: { optedOut: true, reason: '', at: before(0) } };
    expect(plan([item({ hasLeft: true, attempts: 1 })], { facts })).toMatchObject({ left: 0, inMs: [], ended: 1, statuses: [] });
  });

  it('leaves by what it would be sent by now, and fails where nothing can send it', () => {
    expect(plan([item()], { account: 'AC2' })).toMatchObject({ left: 1, accounts: ['AC2'] });
    expect(plan([item({ attempts: 3 })], { account: null })).toMatchObject({ left: 0, ended: 1, statuses: ['FAILED'] });
    const facts = { ...NOTHING, consent: { optedOut: true, reason: '', at: before(0) } };
    expect(plan([item()], { account: null, facts })).toMatchObject({ ended: 1, statuses: ['CANCELED'] });
  });

  it('fails where its address is another organization’s by now', () => {
    expect(plan([item({ senderTaken: true })])).toMatchObject({ left: 0, ended: 1, statuses: ['FAILED'] });
  });
});
