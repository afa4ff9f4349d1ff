/** So many milliseconds count for one window. */
const WINDOW_MS = 5_000;

/** How many bytes came lately, by a clock in milliseconds that never goes back. */
export class Pace {
  private before = 0;
  private within = 0;

  constructor(private since: number) {}

  came(bytes: number, now: number): void {
    this.turn(now);
    this.within += bytes;
  }

  /** Of this window and the one before it: of the last five to ten seconds. */
  lately(now: number): number {
    this.turn(now);
    return this.before + this.within;
  }

  private turn(now: number): void {
    const windows = Math.floor((now - this.since) / WINDOW_MS);
    if (windows < 1) return;
    this.before = windows === 1 ? this.within : 0;
    this.within = 0;
    this.since += windows * WINDOW_MS;
  }
}
