import { setTimeout as sleep } from 'node:timers/promises';
import { isLockTimeout } from './sql-state.js';

/** Longer than the erasure or the merge of a contact with some 20,000 activities holds an organization (docs/decisions/0023). */
const PATIENCE_MS = 8_000;
const LOOK_AGAIN_MS = 100;

/** What was to be locked is another's, and was not waited for. */
export class StillHeld extends Error {
  override readonly name = 'StillHeld';
}

/**
 * Runs again what waited for a lock as long as a connection may (`lock_timeout`), by which it was undone whole: for whoever asks, a wait is better than an
 * error. `isHeld`: it waited before, and is to throw StillHeld where it would wait once more, so that neither a connection nor the organization's turnstile is
 * kept. Throws what the last try did where another holds on for longer.
 */
export async function whileHeld<T>(work: (isHeld: boolean) => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (let isHeld = false; ; isHeld = true)
    try {
      return await work(isHeld);
    } catch (error) {
      if (!(error instanceof StillHeld || isLockTimeout(error)) || Date.now() >= until) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
}
