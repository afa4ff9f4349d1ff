import { type ListWindow } from '../adapters/provider-list.js';

/** Lists lag, and what was made shortly before may have changed since. */
const OVERLAP_MS = 10 * 60_000;
/** How far is looked at first, and now and then: what a message came to it may come to a day later. */
const LOOK_BACK_MS = 24 * 60 * 60_000;
const LOOK_BACK_EVERY_MS = 60 * 60_000;
/** After a long absence the position moves on by so much at a time. */
const LONGEST_MS = 24 * 60 * 60_000;

/** How far the list of an account was compared. */
export interface Position {
  readonly until: Date | null;
  readonly lookedBackAt: Date | null;
}

/** What there is to compare it with. */
export interface Present {
  readonly now: Date;
  /** Since when this process lives: nobody knows what was missed before. */
  readonly startedAt: Date;
  /** When the newest sender was made that the account serves. */
  readonly newestSenderAt: Date | null;
}

export interface ListPlan {
  /** The oldest first; of each the position moves to its end once all in it is recorded. */
  readonly windows: readonly (ListWindow & { readonly reaches: Date })[];
  /** Whether they go as far back as is ever looked without need. */
  readonly looksBack: boolean;
}

/** Which times are to be listed now: from where it was compared to, with some overlap; far into the past where that was not looked at lately. */
export function planWindows({ until, lookedBackAt }: Position, { now, startedAt, newestSenderAt }: Present): ListPlan {
  const looksBack =
    until === null ||
    lookedBackAt === null ||
    lookedBackAt < startedAt ||
    (newestSenderAt !== null && newestSenderAt > lookedBackAt) ||
    now.getTime() - lookedBackAt.getTime() >= LOOK_BACK_EVERY_MS;
  const farBackMs = now.getTime() - LOOK_BACK_MS;
  const overlappedMs = until === null ? farBackMs : until.getTime() - OVERLAP_MS;
  const windows: (ListWindow & { reaches: Date })[] = [];
  for (let fromMs = looksBack ? Math.min(overlappedMs, farBackMs) : overlappedMs; fromMs < now.getTime(); fromMs += LONGEST_MS) {
    const endMs = fromMs + LONGEST_MS;
    const isLast = endMs >= now.getTime();
    windows.push({ from: new Date(fromMs), ...(!isLast && { until: new Date(endMs) }), reaches: isLast ? now : new Date(endMs) });
  }
  return { windows, looksBack };
}
