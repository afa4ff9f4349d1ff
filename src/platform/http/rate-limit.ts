import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Counts points by key: `rate` a second without end, and `burst` more before that. In memory, of this process. */
export class RateLimit {
  private readonly limiter: BurstyRateLimiter;

  /** `setting`: `rate/burst`, such as `20/1000`. */
  constructor(setting: string) {
    const [rate, burst] = setting.split('/').map(Number) as [number, number];
    const steady = new RateLimiterMemory({ points: Math.max(1, Math.round(rate)), duration: 1 });
    const spare = new RateLimiterMemory({
      points: burst,
      duration: Math.max(1, Math.ceil(burst / Math.max(rate, 0.001))),
      keyPrefix: 'burst',
    });
    this.limiter = new BurstyRateLimiter(steady, spare);
  }

  /** Undefined where the point was to be had, else the seconds to wait. */
  async take(key: string): Promise<number | undefined> {
    try {
      await this.limiter.consume(key);
      return undefined;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw refusal;
    }
  }
}
