import { describe, expect, it } from '@jest/globals';
import { type ListedItem } from '../adapters/provider-list.js';
import { draftsOf } from './listed-drafts.js';
import { recoveredOf } from './recovered.js';

const NOW = new Date('2026-11-24T09:00:00Z');
const SOURCE = { provider: 'TWILIO', accountId: 'AC1', servesOnly: 'norte' } as const;
const event = (key: string) => ({ key, kind: 'STATUS', status: 'DELIVERED', occurredAt: null, error: null, metadata: {} }) as const;
const ITEM: ListedItem = {
  about: {
    channel: 'SMS',
    externalId: 'SM1',
    ours: ['+15005550006'],
    facts: { direction: 'OUTBOUND' },
    attachments: [{ key: 'ME1', contentType: 'image/jpeg', sourceUrl: null }],
  },
  events: [event('list/message/status/sent'), event('list/message/status/delivered')],
  createdAt: NOW,
  changedAt: NOW,
  hasFiles: true,
};
const keysOf = (drafts: ReturnType<typeof draftsOf>) => drafts.map(({ draft }) => draft.event.key);

describe('A listed item to the recorder', () => {
  it('is a draft of each of its events, its files with the first', () => {
    const drafts = draftsOf({ item: ITEM, sender: undefined }, SOURCE, NOW);
    expect(drafts).toMatchObject([
      { ...SOURCE, origin: 'RECONCILE', deliveryId: null, receivedAt: NOW, draft: { externalId: 'SM1', attachments: [{ key: 'ME1' }] } },
      { draft: { attachments: [] } },
    ]);
    expect(keysOf(drafts)).toEqual(['list/message/status/sent', 'list/message/status/delivered']);
    expect(drafts.some(({ draft }) => 'activityId' in draft)).toBe(false);
  });

  it('that is an attempt’s of ours says so, and that the provider has it, and brings no files', () => {
    const drafts = draftsOf({ item: { ...ITEM, events: [] }, sender: undefined, activityId: 'a' }, SOURCE, NOW);
    expect(drafts).toMatchObject([
      { draft: { activityId: 'a', event: { key: 'list/accepted', status: 'SENT', occurredAt: NOW }, attachments: [] } },
    ]);
    const call = { ...ITEM, about: { ...ITEM.about, channel: 'VOICE' as const } };
    expect(keysOf(draftsOf({ item: call, sender: undefined, activityId: 'a' }, SOURCE, NOW))).toHaveLength(2);
  });

  it('counts once for its sender where any of its events was news', () => {
    const recorded = { kind: 'RECORDED', organizationId: 'norte', activityId: 'a' } as const;
    const known = { ...recorded, kind: 'KNOWN' } as const;
    const [mine, nobodys] = [
      { item: ITEM, sender: '+15005550006' },
      { item: ITEM, sender: undefined },
    ];
    expect(recoveredOf([mine, mine, mine, nobodys], [[known, recorded], [recorded, recorded], [known, known], [recorded]])).toEqual([
      { organizationId: 'norte', channel: 'SMS', address: '+15005550006', count: 2 },
    ]);
  });
});
