import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, never for a time; throws when it has not come true in `ms`. */
export async function until<T>(condition: () => T | Promise<T>, { ms = 10_000, what = 'the condition' } = {}): Promise<NonNullable<T>> {
  for (const end = Date.now() + ms; ;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not come true within ${ms} ms`);
    await sleep(15);
  }
}
