import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateLimit } from './rate-limit.js';

describe('RateLimit', () => {
  it('lets through a burst at first, and the rate after it', () => {
    let now = 0;
    const limit = new RateLimit('20/40', () => now);
    const passed = () => Array.from({ length: 100 }, () => limit.take('a')).filter((wait) => wait === undefined).length;
    expect([passed(), passed()]).toEqual([60, 0]);
    let later = 0;
    for (let second = 0; second < 20; second++) {
      now += 1_000;
      later += passed();
    }
    expect([later, limit.take('b')]).toEqual([400, undefined]);
  });

  it.each([
    ['20/0', 1],
    ['0.5/0', 2],
    ['0.1/0', 10],
  ])('by %s says after how many seconds the next is let through', (setting, seconds) => {
    let now = 0;
    const limit = new RateLimit(setting, () => now);
    while (limit.take('a') === undefined);
    expect(limit.take('a')).toBe(seconds);
    now += seconds * 1_000;
    expect(limit.take('a')).toBeUndefined();
  });

  it('lets through no more in any stretch of time than the rate and the burst come to', () => {
    const setting = fc.record({ rate: fc.constantFrom(0.5, 1, 3, 20), burst: fc.constantFrom(0, 5, 40) });
    fc.assert(
      fc.property(setting, fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 }), ({ rate, burst }, pauses) => {
        let now = 0;
        const limit = new RateLimit(`${rate}/${burst}`, () => now);
        const passed: number[] = [];
        for (const pause of pauses) {
          now += pause;
          if (limit.take('a') === undefined) passed.push(now);
        }
        for (const [i, from] of passed.entries())
          for (const [n, at] of passed.slice(i).entries())
            expect(n + 1).toBeLessThanOrEqual(Math.max(1, rate + burst) + ((at - from) / 1_000) * rate + 1e-6);
      }),
    );
  });
});
