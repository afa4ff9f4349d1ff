import { ActivityStatus } from '../../core/adapters/activity-status.js';

/** Words of early guides, and the ones that Twilio's SendGrid uses for the same; null where none of our statuses says it. */
const STATUS_BY_WORD: ReadonlyMap<string, ActivityStatus | null> = new Map([
  ['processed', ActivityStatus.PROCESSED],
  ['deferred', ActivityStatus.DEFERRED],
  ['delivered', ActivityStatus.DELIVERED],
  ['open', ActivityStatus.OPENED],
  ['opened', ActivityStatus.OPENED],
  ['click', ActivityStatus.CLICKED],
  ['clicked', ActivityStatus.CLICKED],
  ['bounce', ActivityStatus.BOUNCED],
  ['bounced', ActivityStatus.BOUNCED],
  ['dropped', ActivityStatus.DROPPED],
  ['spamreport', ActivityStatus.SPAM_REPORT],
  ['spam_report', ActivityStatus.SPAM_REPORT],
  ['unsubscribe', ActivityStatus.UNSUBSCRIBED],
  ['unsubscribed', ActivityStatus.UNSUBSCRIBED],
  ['group_unsubscribe', ActivityStatus.UNSUBSCRIBED],
  ['group_resubscribe', null],
]);

/** Undefined: a word not listed makes the item a problem of its delivery, kept and replayable. It is never guessed. */
export function emailStatusOfWord(word: string): ActivityStatus | null | undefined {
  return STATUS_BY_WORD.get(word);
}
