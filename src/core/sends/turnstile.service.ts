import { Injectable } from '@nestjs/common';

/** One after the other: what this process writes of sends would only undo each other's tries without a lock. */
@Injectable()
export class Turnstile {
  private last: Promise<unknown> = Promise.resolve();

  pass<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
