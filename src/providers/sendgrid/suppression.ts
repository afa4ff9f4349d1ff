import { type SuppressionReason } from '../../core/adapters/activity-draft.js';
import { type EventFields } from './event.schema.js';

const BY_EVENT: Readonly<Record<string, SuppressionReason>> = {
  spamreport: 'SPAM_REPORT',
  unsubscribe: 'UNSUBSCRIBED',
  group_unsubscribe: 'UNSUBSCRIBED',
};

/** What SendGrid did not even try, because its own list has the address. Source: SendGrid docs, "Event Webhook Reference", dropped. */
const BY_DROP: readonly (readonly [RegExp, SuppressionReason])[] = [
  [/^bounced address/i, 'BOUNCED'],
  [/^unsubscribed address/i, 'UNSUBSCRIBED'],
  [/^spam reporting address/i, 'SPAM_REPORT'],
];

/**
 * What an event says against its address: undefined for nothing, null where it lifts what was said. A bounce of type `blocked`, or
 * `expired`, is about one mail, and the address is tried again.
 */
export function suppressionOf({ event, type, reason }: EventFields): SuppressionReason | null | undefined {
  if (event === 'group_resubscribe') return null;
  if (event === 'bounce') return type === 'blocked' || type === 'expired' ? undefined : 'BOUNCED';
  if (event === 'dropped') return BY_DROP.find(([words]) => words.test(reason ?? ''))?.[1];
  return BY_EVENT[event];
}
