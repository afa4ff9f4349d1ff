import { type ActivityDraft } from './activity-draft.js';
import { type NormalizedDelivery } from './channel-adapter.js';
import { type DeliveryProblem } from './delivery.js';

/** A batch, each item by itself: a draft, or the sentence that says why there is none. What cannot be read leaves its neighbours as they are. */
export function normalizeItems(
  items: readonly unknown[],
  read: (item: unknown, index: number) => ActivityDraft | string,
): NormalizedDelivery {
  const drafts: ActivityDraft[] = [];
  const problems: DeliveryProblem[] = [];
  items.forEach((item, index) => {
    const draft = read(item, index);
    if (typeof draft === 'string') problems.push({ index, message: draft });
    else drafts.push(draft);
  });
  return { drafts, problems };
}
