import { Injectable } from '@nestjs/common';

/** Of one organization one after the other: what this process does side by side would only wait for a lock, or undo each other's tries without one. */
@Injectable()
export class Turnstile {
  private readonly last = new Map<string, Promise<unknown>>();

  pass<T>(organizationId: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(organizationId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const end: Promise<void> = mine
      .catch(() => undefined)
      .then(() => {
        if (this.last.get(organizationId) === end) this.last.delete(organizationId);
      });
    this.last.set(organizationId, end);
    return mine;
  }
}
