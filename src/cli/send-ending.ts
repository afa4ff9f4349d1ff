import { type HeardActivity } from './heard-item.js';

/** How it stands with an activity that is no longer watched. */
export interface Ending {
  /** Whether the provider has it and nothing speaks against its arrival, or it waits as it was asked to. */
  readonly well: boolean;
  readonly said: string;
}

const OVER: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(
    ['DELIVERED', 'READ', 'OPENED', 'CLICKED', 'UNSUBSCRIBED', 'SPAM_REPORT', 'COMPLETED'].map((status) => [status, true]),
  ),
  ...Object.fromEntries(['FAILED', 'UNDELIVERED', 'BOUNCED', 'DROPPED', 'CANCELED', 'BUSY', 'NO_ANSWER'].map((status) => [status, false])),
};

/** Those that wait for something else than the provider. */
const WAITS: Readonly<Record<string, string>> = {
  SCHEDULED: 'It leaves when its time comes. The mutation cancelActivity takes it back.',
  DRAFT: 'It waits until somebody approves it: the mutation approveActivity.',
};

/** What silence means. */
const SILENT: Readonly<Record<string, Ending>> = {
  QUEUED: { well: false, said: 'It has not left yet. It will, unless the mutation cancelActivity takes it back.' },
  SENDING: { well: false, said: 'The provider has not taken it yet. It is tried again for as long as it certainly was not sent.' },
  UNKNOWN: { well: false, said: 'It may have been sent or not, and is not tried again. What the provider says of it later is recorded.' },
  SENT: { well: true, said: 'The provider has it, and has not said yet whether it arrived.' },
  PROCESSED: { well: true, said: 'SendGrid has it, and has not said yet whether it arrived.' },
  DEFERRED: { well: true, said: 'The receiving server asked for patience; SendGrid goes on trying.' },
};

/** Whether nothing more is to be waited for. */
export function isOver(status: string): boolean {
  return status in OVER || status in WAITS;
}

/** `waitedMs`: how long nothing was heard; `subject`: `It`, or whose it is. */
export function ending({ status, error }: Pick<HeardActivity, 'status' | 'error'>, subject: string, waitedMs: number): Ending {
  const waits = WAITS[status];
  if (waits !== undefined) return { well: true, said: waits };
  const well = OVER[status];
  if (well === undefined) {
    const silent = SILENT[status] ?? { well: true, said: 'It is under way.' };
    return { ...silent, said: `${subject} is ${status}, and nothing was heard for ${waitedMs / 1000} s. ${silent.said}` };
  }
  const why = error && !well ? `: ${error.message} (${error.code})${error.hint ? `\n${error.hint}` : ''}` : '.';
  return { well, said: `${subject} ended as ${status}${why}` };
}
