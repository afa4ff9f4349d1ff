import { isLockTimeout } from './sql-state.js';

/** Longer than the erasure or the merge of a contact with some 20,000 activities holds an organization (docs/decisions/0023). */
const PATIENCE_MS = 8_000;

/**
 * Runs again what waited for a lock as long as a connection may (`lock_timeout`), by which it was undone whole: for whoever asks, a wait is better than an
 * error. Throws the lock's timeout where another holds on for longer.
 */
export async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!isLockTimeout(error) || Date.now() >= until) throw error;
    }
}
