import { type ActivityDraft } from '../../core/adapters/activity-draft.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';

/** A request of Twilio says one thing: its draft, or the sentence that says why there is none. */
export function oneItem(draft: ActivityDraft | string): NormalizedDelivery {
  return typeof draft === 'string' ? { drafts: [], problems: [{ index: 0, message: draft }] } : { drafts: [draft], problems: [] };
}
