import { ActivityStatus } from '../../core/adapters/activity-status.js';

/** Meta's status → ours; a voice message that was played was read. Source: Meta, WhatsApp Cloud API, Webhooks, status messages webhook reference. */
const STATUS_BY_WORD: ReadonlyMap<string, ActivityStatus> = new Map([
  ['sent', ActivityStatus.SENT],
  ['delivered', ActivityStatus.DELIVERED],
  ['read', ActivityStatus.READ],
  ['played', ActivityStatus.READ],
  ['failed', ActivityStatus.FAILED],
]);

/** Undefined: a word not listed makes the item a problem of its delivery, kept and replayable. It is never guessed. */
export function statusOfWord(word: string): ActivityStatus | undefined {
  return STATUS_BY_WORD.get(word);
}
