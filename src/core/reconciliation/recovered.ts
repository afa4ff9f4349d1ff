import { type Outcome } from '../activities/outcome.js';
import { type ListedItem } from '../adapters/provider-list.js';
import { type Recovered } from '../organizations/reconciled-senders.sql.js';

/** An item of a list that is to be recorded. */
export interface RecordedItem {
  readonly item: ListedItem;
  /** The first of our addresses that it names; undefined of what names none: a recording, a leg. */
  readonly sender: string | undefined;
  /** The activity of ours that it turned out to be. */
  readonly activityId?: string;
}

/** How many items of each sender told anything new. */
export function recoveredOf(group: readonly RecordedItem[], outcomesOf: readonly (readonly Outcome[])[]): readonly Recovered[] {
  const counts = new Map<string, Recovered>();
  for (const [i, { item, sender: address }] of group.entries()) {
    const recorded = outcomesOf[i]!.find(({ kind }) => kind === 'RECORDED');
    if (address === undefined || !recorded || !('organizationId' in recorded)) continue;
    const { organizationId } = recorded;
    const { channel } = item.about;
    const key = `${organizationId}\n${channel}\n${address}`;
    counts.set(key, { organizationId, channel, address, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
