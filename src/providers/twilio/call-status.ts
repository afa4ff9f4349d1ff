import { ActivityStatus } from '../../core/adapters/activity-status.js';

/**
 * Twilio call status → ours. One asks Twilio for the event `answered`; what comes is `in-progress`.
 * Source: twilio 6.2.0 `call.d.ts`, CallStatus; Twilio docs, Call resource.
 */
const STATUS_BY_WORD: ReadonlyMap<string, ActivityStatus> = new Map([
  ['queued', ActivityStatus.QUEUED],
  ['initiated', ActivityStatus.INITIATED],
  ['ringing', ActivityStatus.RINGING],
  ['in-progress', ActivityStatus.ANSWERED],
  ['answered', ActivityStatus.ANSWERED],
  ['completed', ActivityStatus.COMPLETED],
  ['busy', ActivityStatus.BUSY],
  ['no-answer', ActivityStatus.NO_ANSWER],
  ['canceled', ActivityStatus.CANCELED],
  ['failed', ActivityStatus.FAILED],
]);

/** Undefined: a word not listed makes the item a problem of its delivery, kept and replayable. It is never guessed. */
export function callStatusOfWord(word: string): ActivityStatus | undefined {
  return STATUS_BY_WORD.get(word);
}

/** While a call is in one of these, it can be told what to do. */
export const UNDER_WAY: ReadonlySet<ActivityStatus> = new Set([ActivityStatus.INITIATED, ActivityStatus.RINGING, ActivityStatus.ANSWERED]);
