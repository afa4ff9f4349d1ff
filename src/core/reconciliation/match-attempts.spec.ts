import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ListedItem } from '../adapters/provider-list.js';
import { type OpenAttempt } from '../sends/open-attempts.sql.js';
import { matchAttempts, mayBeOf } from './match-attempts.js';

const [OURS, ANA, BEA, AGENT] = ['+15005550006', '+5215512345678', '+12025550147', '+12025550199'];
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 24, 9, minute));

const attempt = (more: Partial<OpenAttempt> = {}): OpenAttempt => ({
  activityId: 'a',
  organizationId: 'norte',
  channel: 'SMS',
  from: OURS,
  to: ANA,
  agent: null,
  body: 'hola',
  attemptedAt: at(30),
  underWay: false,
  erased: false,
  ...more,
});
interface Listed {
  readonly id?: string;
  readonly to?: string;
  readonly body?: string;
  readonly minute?: number;
  readonly more?: Partial<ListedItem['about']>;
}
const listed = ({ id = 'SM1', to = ANA, body = 'hola', minute = 30, more = {} }: Listed = {}): ListedItem => ({
  about: { channel: 'SMS', externalId: id, ours: [OURS], facts: { direction: 'OUTBOUND', from: OURS, to, body }, attachments: [], ...more },
  events: [],
  createdAt: at(minute),
  changedAt: at(minute),
  hasFiles: false,
});

describe('An item of the list may be an attempt’s', () => {
  it.each<[string, OpenAttempt, ListedItem, boolean]>([
    ['between the same two addresses', attempt(), listed({ body: 'other' }), true],
    ['whatever alias of it a mobile of Mexico has', attempt(), listed({ to: '+525512345678' }), true],
    ['ten minutes apart', attempt(), listed({ minute: 40 }), true],
    ['by a messaging service that chose the number', attempt({ from: 'MG1' }), listed({ more: { ours: [OURS, 'MG1'] } }), true],
    ['of a call that rings the agent first', attempt({ agent: AGENT }), listed({ to: AGENT }), true],
    ['of somebody who was erased, whatever its addresses', attempt({ erased: true, from: '', to: '' }), listed({ to: BEA }), true],
    ['not eleven minutes apart', attempt(), listed({ minute: 41 }), false],
    ['not to another', attempt(), listed({ to: BEA }), false],
    ['not from another', attempt({ from: BEA }), listed(), false],
    ['not on another channel', attempt({ channel: 'WHATSAPP' }), listed(), false],
    ['not where it came in', attempt(), listed({ more: { facts: { direction: 'INBOUND', from: OURS, to: ANA } } }), false],
  ])('%s', (_what, of, item, expected) => {
    expect(mayBeOf(of, item, 'norte')).toBe(expected);
  });

  it('not of another organization’s that was erased', () => {
    expect(mayBeOf(attempt({ erased: true }), listed(), 'sur')).toBe(false);
    expect(mayBeOf(attempt({ erased: true }), listed(), undefined)).toBe(true);
  });
});

describe('An attempt is resolved by the list', () => {
  const matched = (open: readonly OpenAttempt[], items: readonly ListedItem[]) =>
    matchAttempts(open, items).map(({ attempt: { activityId }, item }) => [activityId, item.about.externalId]);

  it('where one item alone is like it, and it like no other attempt', () => {
    expect(matched([attempt()], [listed(), listed({ id: 'SM2', body: 'adiós' })])).toEqual([['a', 'SM1']]);
    expect(matched([attempt(), attempt({ activityId: 'b', body: 'adiós' })], [listed(), listed({ id: 'SM2', body: 'adiós' })])).toEqual([
      ['a', 'SM1'],
      ['b', 'SM2'],
    ]);
  });

  it('whatever another organization has of somebody who was erased', () => {
    expect(matched([attempt(), attempt({ activityId: 'b', organizationId: 'sur', erased: true })], [listed()])).toEqual([['a', 'SM1']]);
  });

  it.each<[string, OpenAttempt[], ListedItem[]]>([
    ['none is listed', [attempt()], []],
    ['two are alike', [attempt()], [listed(), listed({ id: 'SM2' })]],
    ['another attempt is alike', [attempt(), attempt({ activityId: 'b' })], [listed()]],
    ['one under way is alike', [attempt(), attempt({ activityId: 'b', underWay: true })], [listed()]],
    ['one of somebody erased may be', [attempt(), attempt({ activityId: 'b', erased: true })], [listed()]],
    ['the text is another', [attempt({ body: null })], [listed()]],
    ['it is the second leg of a call', [attempt({ channel: 'VOICE' })], [listed({ more: { channel: 'VOICE', parent: 'CA1' } })]],
    ['it is under way', [attempt({ underWay: true })], [listed()]],
    ['its person was erased', [attempt({ erased: true })], [listed()]],
  ])('not where %s', (_why, open, items) => {
    expect(matched(open, items)).toEqual([]);
  });

  it('to one item each, and each item to one, whatever is listed', () => {
    const some = fc.record({
      body: fc.constantFrom('hola', 'adiós', ''),
      minute: fc.integer({ min: 0, max: 59 }),
      to: fc.constantFrom(ANA, BEA),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), fc.array(some, { maxLength: 6 }), (attempts, items) => {
        const open = attempts.map(({ body, minute, to }, i) => attempt({ activityId: `a${i}`, body, to, attemptedAt: at(minute) }));
        const matches = matchAttempts(
          open,
          items.map(({ body, minute, to }, i) => listed({ id: `SM${i}`, body, minute, to })),
        );
        expect(new Set(matches.map((match) => match.attempt)).size).toBe(matches.length);
        expect(new Set(matches.map((match) => match.item)).size).toBe(matches.length);
        for (const { attempt: one, item } of matches) expect([one.body, one.to]).toEqual([item.about.facts.body, item.about.facts.to]);
      }),
    );
  });
});
