import { describe, expect, it } from '@jest/globals';
import { type ActivityDraft, IdentityKind } from '../adapters/activity-draft.js';
import { addressHashOf } from '../contacts/consent.js';
import { type ActivityRow } from './activity-row.js';
import { consentsOf, heardOf, timeOf } from './said-of-people.js';
import { type SourcedDraft } from './sourced-draft.js';

const AT = new Date('2026-11-27T09:00:00Z');
const BSUID = 'US.Gr1';
const NUMBER = '+12025550147';
const OURS = '+12025550110';

const stopOf = (address: string, party?: ActivityDraft['party']): SourcedDraft => ({
  provider: 'TWILIO',
  accountId: 'AC1',
  servesOnly: undefined,
  origin: 'WEBHOOK',
  receivedAt: AT,
  deliveryId: 'delivery',
  draft: {
    index: 0,
    channel: 'WHATSAPP',
    externalId: 'SM1',
    ours: [OURS],
    facts: { direction: 'INBOUND', from: address, to: OURS, body: 'STOP' },
    event: { key: 'webhook/message/received', kind: 'STATUS', status: 'RECEIVED', occurredAt: null, error: null, metadata: {} },
    attachments: [],
    consent: { sender: OURS, address, optedOut: true },
    ...(party && { party }),
  },
});
const hashesOf = (sourced: SourcedDraft) => consentsOf('norte', sourced, AT).map(({ addressHash }) => addressHash);
const hash = (address: string) => addressHashOf('norte', 'WHATSAPP', address);

describe('What a person says of being written to', () => {
  it('holds for every name that comes with it: for the number where it was said by the user id, and the other way round', () => {
    const identities = [
      { kind: IdentityKind.WHATSAPP_BSUID, value: BSUID },
      { kind: IdentityKind.PHONE, value: NUMBER },
    ];
    expect(hashesOf(stopOf(BSUID, { identities }))).toEqual([hash(BSUID), hash(NUMBER)]);
    expect(hashesOf(stopOf(NUMBER, { identities }))).toEqual([hash(NUMBER), hash(BSUID)]);
  });

  it('holds for the address that it came from alone, where there is no other name', () => {
    expect(hashesOf(stopOf(NUMBER))).toEqual([hash(NUMBER)]);
    expect(hashesOf(stopOf(NUMBER, { name: 'Ana' }))).toEqual([hash(NUMBER)]);
  });
});

describe('When a person said it', () => {
  const said = (occurredAt: string | null): SourcedDraft => {
    const sourced = stopOf(NUMBER);
    const { draft } = sourced;
    return { ...sourced, draft: { ...draft, event: { ...draft.event, occurredAt: occurredAt === null ? null : new Date(occurredAt) } } };
  };

  it.each([
    ['by a clock that is right', '2026-11-27T08:59:00Z', '2026-11-27T08:59:00Z'],
    ['by a clock that is ahead', '2100-01-01T00:00:00Z', '2026-11-27T09:00:00Z'],
    ['by no clock', null, '2026-11-27T09:00:00Z'],
  ])('is, %s, at the latest when we heard of it', (_clock, told, at) => {
    expect(timeOf(said(told), undefined)).toEqual(new Date(at));
  });

  it('is of a shell, whose events nobody knows any more, no later than it was heard first', () => {
    const first = new Date('2026-11-20T09:00:00Z');
    const before = { milestones: { RECEIVED: [first.getTime(), 1] }, erasedAt: '2026-11-21T09:00:00Z' } as unknown as ActivityRow;
    expect(timeOf(said(null), before)).toEqual(first);
    expect(timeOf(said(null), { ...before, erasedAt: null })).toEqual(AT);
  });

  it('is when it counts as consent, and as heard', () => {
    const at = new Date('2026-11-27T08:59:00Z');
    expect(consentsOf('norte', stopOf(NUMBER), at).map((one) => one.at)).toEqual([at]);
    expect(heardOf('norte', stopOf(NUMBER), at, undefined).map((one) => one.at)).toEqual([at]);
  });
});
