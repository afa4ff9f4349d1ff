import { type FeedEntry } from './feed-entry.js';

/** An entry as listeners are told it: where it was read for many, one object with a number of its own. */
export interface FeedNews {
  readonly entry: FeedEntry;
  readonly told?: number;
}

/** In this process so far. */
let told = 0;

export function newsOf(entries: readonly FeedEntry[]): FeedNews[] {
  return entries.map((entry) => ({ entry, told: ++told }));
}
