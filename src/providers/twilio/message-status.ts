import { ActivityStatus } from '../../core/adapters/activity-status.js';

/**
 * Twilio message status → ours; null where Twilio's word is known and none of ours says it.
 * Source: twilio 6.2.0 `message.d.ts`, MessageStatus; Twilio docs, Track outbound message status.
 */
const STATUS_BY_WORD: ReadonlyMap<string, ActivityStatus | null> = new Map([
  ['accepted', ActivityStatus.QUEUED],
  ['queued', ActivityStatus.QUEUED],
  ['scheduled', ActivityStatus.SCHEDULED],
  ['sending', ActivityStatus.SENDING],
  ['sent', ActivityStatus.SENT],
  ['delivered', ActivityStatus.DELIVERED],
  ['partially_delivered', null],
  ['undelivered', ActivityStatus.UNDELIVERED],
  ['failed', ActivityStatus.FAILED],
  ['read', ActivityStatus.READ],
  ['receiving', ActivityStatus.RECEIVED],
  ['received', ActivityStatus.RECEIVED],
  ['canceled', ActivityStatus.CANCELED],
]);

/** Undefined: a word not listed makes the item a problem of its delivery, kept and replayable. It is never guessed. */
export function statusOfWord(word: string): ActivityStatus | null | undefined {
  return STATUS_BY_WORD.get(word);
}
