/** How often a process says that it is there, and how long it is counted on after that. */
export const HELLO_EVERY_MS = 10_000;
const GONE_MS = 35_000;
/** Whoever is there has answered the first hello by then. */
const ANSWERED_MS = 2_000;

/** The other processes on the same database, as far as this one hears them. Times are of one clock that never goes back, in milliseconds. */
export class Peers {
  private readonly heardAt = new Map<string, number>();
  private listeningSince: number | undefined;

  /** From now on all that is said is heard; undefined: nothing is, until this is called again. */
  listening(since: number | undefined): void {
    this.listeningSince = since;
  }

  /** Whether it is a new one, who does not know of this process yet. */
  hear(process: string, now: number): boolean {
    const isNew = !this.heardAt.has(process);
    this.heardAt.set(process, now);
    return isNew;
  }

  /** Whether somebody may be there to tell of a commit: also as long as that cannot be known. */
  mayBeThere(now: number): boolean {
    if (this.listeningSince === undefined || now - this.listeningSince < ANSWERED_MS) return true;
    for (const [process, at] of this.heardAt) if (now - at > GONE_MS) this.heardAt.delete(process);
    return this.heardAt.size > 0;
  }
}
