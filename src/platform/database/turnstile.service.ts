import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isLockTimeout } from './sql-state.js';

/** Longer than the erasure or the merge of a contact with some 20,000 activities holds an organization (docs/decisions/0023). */
const PATIENCE_MS = 8_000;
const LOOK_AGAIN_MS = 100;

/** What was to be locked is another's, and was not waited for. */
export class StillHeld extends Error {
  override readonly name = 'StillHeld';
}

/** Of one organization one after the other: what this process does side by side would only wait for a lock, or undo each other's tries without one. */
@Injectable()
export class Turnstile {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Organizations whose lock was waited for in vain, and was not had since. */
  private readonly held = new Set<string>();

  /** `isHeld`: another had it when somebody last waited for it, so that `work` is to throw StillHeld instead of waiting again: those behind it would wait as well. */
  pass<T>(organizationId: string, work: (isHeld: boolean) => Promise<T>): Promise<T> {
    const before = this.last.get(organizationId) ?? Promise.resolve();
    const mine = before.then(() => work(this.held.has(organizationId)));
    const end: Promise<void> = mine
      .then(
        () => void this.held.delete(organizationId),
        (error: unknown) => void (isLockTimeout(error) && this.held.add(organizationId)),
      )
      .then(() => {
        if (this.last.get(organizationId) === end) this.last.delete(organizationId);
      });
    this.last.set(organizationId, end);
    return mine;
  }

  /**
   * The same, and once more where the work waited for a lock as long as a connection may (`lock_timeout`), by which it was undone whole: for whoever asks, a wait
   * is better than an error. Throws what the last try did where another holds on for longer.
   */
  async passOnceFree<T>(organizationId: string, work: (isHeld: boolean) => Promise<T>): Promise<T> {
    const until = Date.now() + PATIENCE_MS;
    for (;;)
      try {
        return await this.pass(organizationId, work);
      } catch (error) {
        if (!(error instanceof StillHeld || isLockTimeout(error)) || Date.now() >= until) throw error;
        await sleep(LOOK_AGAIN_MS);
      }
  }
}
