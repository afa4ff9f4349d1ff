/** Keys remembered: whoever was not seen for longest is forgotten beyond it. */
const MOST_KEYS = 100_000;

interface Bucket {
  readonly points: number;
  readonly at: number;
}

/**
 * Counts points by key, each a bucket that is filled at `rate` a second and begins with `burst` more than a second's. In memory, of this process. By hand:
 * the kept library for it has windows, of which two let through twice the rate.
 */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();
  private readonly rate: number;
  private readonly most: number;

  /** `setting`: `rate/burst`, such as `20/1000`. `now`: in milliseconds, never back. */
  constructor(
    setting: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    const [rate, burst] = setting.split('/').map(Number) as [number, number];
    // One at least, or nothing would ever be let through.
    [this.rate, this.most] = [rate, Math.max(1, rate + burst)];
  }

  /** Undefined where the point was to be had, else the seconds to wait. */
  take(key: string): number | undefined {
    const at = this.now();
    const before = this.buckets.get(key);
    const points = before ? Math.min(this.most, before.points + ((at - before.at) / 1_000) * this.rate) : this.most;
    const taken = points >= 1;
    // Behind all others: the first is whoever was not seen for longest.
    this.buckets.delete(key);
    this.buckets.set(key, { points: taken ? points - 1 : points, at });
    if (this.buckets.size > MOST_KEYS) this.buckets.delete(this.buckets.keys().next().value!);
    return taken ? undefined : Math.max(1, Math.ceil((1 - points) / Math.max(this.rate, 0.001)));
  }
}
