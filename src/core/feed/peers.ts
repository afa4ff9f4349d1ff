/** How often a process says that it is there, and how long it is counted on after that. */
export const HELLO_EVERY_MS = 10_000;
const GONE_MS = 35_000;
/** Whoever is there has answered the first hello by then. */
const ANSWERED_MS = 2_000;

/** The other processes on the same database, as far as this one hears them. Times are of one clock that never goes back, in milliseconds. */
export class Peers {
  private readonly heardAt = new Map<string, number>();
  private since: number | undefined;
  private heardOwnAt = 0;

  /** From now on all that is said is heard. */
  listening(now: number): void {
    this.since = this.heardOwnAt = now;
  }

  /** Nothing is heard, until it listens again. */
  lost(): void {
    this.since = undefined;
  }

  /** What this process said itself: while that comes, so does what others say. */
  hearOwn(now: number): void {
    this.heardOwnAt = now;
  }

  /** Whether it is a new one, who does not know of this process yet. */
  hear(process: string, now: number): boolean {
    this.forget(now);
    const isNew = !this.heardAt.has(process);
    this.heardAt.set(process, now);
    return isNew;
  }

  /** Whether nothing has come for so long, its own hellos included, that the connection must be dead. */
  isDeaf(now: number): boolean {
    return this.since !== undefined && now - this.heardOwnAt > GONE_MS;
  }

  /** Whether somebody may be there to tell of a commit: also as long as that cannot be known. */
  mayBeThere(now: number): boolean {
    if (this.since === undefined || now - this.since < ANSWERED_MS || this.isDeaf(now)) return true;
    this.forget(now);
    return this.heardAt.size > 0;
  }

  private forget(now: number): void {
    for (const [process, at] of this.heardAt) if (now - at > GONE_MS) this.heardAt.delete(process);
  }
}
