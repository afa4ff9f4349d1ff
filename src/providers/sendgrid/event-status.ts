import { ActivityStatus } from '../../core/adapters/activity-status.js';

/**
 * SendGrid `event` → ours; null where SendGrid's word is known and none of ours says it.
 * Source: SendGrid docs, Event Webhook Reference.
 */
const STATUS_BY_EVENT: ReadonlyMap<string, ActivityStatus | null> = new Map([
  ['processed', ActivityStatus.PROCESSED],
  ['deferred', ActivityStatus.DEFERRED],
  ['delivered', ActivityStatus.DELIVERED],
  ['open', ActivityStatus.OPENED],
  ['click', ActivityStatus.CLICKED],
  ['bounce', ActivityStatus.BOUNCED],
  ['dropped', ActivityStatus.DROPPED],
  ['spamreport', ActivityStatus.SPAM_REPORT],
  ['unsubscribe', ActivityStatus.UNSUBSCRIBED],
  ['group_unsubscribe', ActivityStatus.UNSUBSCRIBED],
  ['group_resubscribe', null],
]);

/** Undefined: a word not listed makes the item a problem of its delivery, kept and replayable. It is never guessed. */
export function statusOfEvent(event: string): ActivityStatus | null | undefined {
  return STATUS_BY_EVENT.get(event);
}
