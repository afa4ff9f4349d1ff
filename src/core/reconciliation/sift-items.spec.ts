import { describe, expect, it } from '@jest/globals';
import { type DraftEvent } from '../adapters/activity-draft.js';
import { type ListedItem } from '../adapters/provider-list.js';
import { type OpenAttempt } from '../sends/open-attempts.sql.js';
import { type KnownItems, senderOf, siftItems } from './sift-items.js';

const [OURS, ANA] = ['+15005550006', '+12025550147'];
const EVENT: DraftEvent = { key: 'list/call/COMPLETED', kind: 'STATUS', status: 'COMPLETED', occurredAt: null, error: null, metadata: {} };
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 24, 9, minute));

const item = (id: string, more: Partial<ListedItem['about']> = {}, rest: Partial<ListedItem> = {}): ListedItem => ({
  about: {
    channel: 'VOICE',
    externalId: id,
    ours: [OURS],
    facts: { direction: 'OUTBOUND', from: OURS, to: ANA },
    attachments: [],
    ...more,
  },
  events: [EVENT],
  createdAt: at(30),
  changedAt: at(30),
  hasFiles: false,
  ...rest,
});
const KNOWN: KnownItems = {
  references: new Map([
    ['CA-ours', { activityId: 'a', origin: 'API' }],
    ['CA-theirs', { activityId: 'b', origin: 'WEBHOOK' }],
  ]),
  senders: new Map([[`VOICE:${OURS}`, 'norte']]),
  takesAll: false,
};
const OPEN: OpenAttempt = {
  activityId: 'c',
  organizationId: 'norte',
  channel: 'VOICE',
  from: OURS,
  to: ANA,
  agent: null,
  body: null,
  attemptedAt: at(30),
  underWay: true,
  erased: false,
};
const kept = (items: readonly ListedItem[], known = KNOWN, open: readonly OpenAttempt[] = []) =>
  siftItems(items, known, open).map(({ about }) => about.externalId);

describe('Of what is listed is recorded', () => {
  it('what is known, and what is ours and new', () => {
    expect(kept([item('CA-ours'), item('CA-new'), item('CA-stranger', { ours: ['+19995550100'] })])).toEqual(['CA-ours', 'CA-new']);
    expect(kept([item('CA-stranger', { ours: ['+19995550100'] })], { ...KNOWN, takesAll: true })).toEqual(['CA-stranger']);
  });

  it('nothing that is under way', () => {
    expect(kept([item('CA-new', {}, { events: [] }), item('CA-ours', {}, { events: [] })])).toEqual([]);
  });

  it('nothing that may be an attempt’s, unless it is known by then', () => {
    expect(kept([item('CA-new'), item('CA-ours')], KNOWN, [OPEN])).toEqual(['CA-ours']);
    const inbound = item('CA-in', { facts: { direction: 'INBOUND', from: ANA, to: OURS } });
    expect(kept([inbound], KNOWN, [OPEN])).toEqual(['CA-in']);
  });

  it('a leg of a call that came in or was placed by another, and none of a call of ours', () => {
    const leg = (parent: string) => item(`leg of ${parent}`, { ours: ['client:ana'], parent });
    expect(kept([leg('CA-theirs'), leg('CA-ours'), leg('CA-nobody')])).toEqual(['leg of CA-theirs']);
    expect(kept([item('leg', { parent: 'CA-ours' })])).toEqual([]);
  });

  it('the oldest first, so that a leg finds its call', () => {
    const leg = item('leg', { ours: [], parent: 'CA-new' }, { createdAt: at(31) });
    expect(kept([leg, item('CA-new')])).toEqual(['CA-new', 'leg']);
  });

  it('and counts for the first of our addresses that it names', () => {
    expect(senderOf(item('CA', { ours: ['MG1', OURS] }), KNOWN)).toBe(OURS);
    expect(senderOf(item('CA', { ours: ['MG1'] }), KNOWN)).toBeUndefined();
  });
});
