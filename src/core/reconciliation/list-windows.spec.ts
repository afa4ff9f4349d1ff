import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planWindows } from './list-windows.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const now = new Date('2026-11-24T09:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const present = { now, startedAt: ago(2 * DAY), newestSenderAt: ago(30 * DAY) };

describe('The times that are listed', () => {
  it('are those since the last comparison, with some overlap', () => {
    expect(planWindows({ until: ago(5 * MINUTE), lookedBackAt: ago(20 * MINUTE) }, present)).toEqual({
      windows: [{ from: ago(15 * MINUTE), reaches: now }],
      looksBack: false,
    });
  });

  it.each([
    ['at first', { until: null, lookedBackAt: null }, {}],
    ['after a start', { until: ago(MINUTE), lookedBackAt: ago(20 * MINUTE) }, { startedAt: ago(MINUTE) }],
    ['each hour', { until: ago(MINUTE), lookedBackAt: ago(60 * MINUTE) }, {}],
    ['for a new sender', { until: ago(MINUTE), lookedBackAt: ago(20 * MINUTE) }, { newestSenderAt: ago(MINUTE) }],
  ])('are those of a day %s', (_when, position, more) => {
    expect(planWindows(position, { ...present, ...more })).toEqual({ windows: [{ from: ago(DAY), reaches: now }], looksBack: true });
  });

  it('after a long absence follow each other without a gap, a day at most, to now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 24 * 60 }), (minutes) => {
        const { windows } = planWindows({ until: ago(minutes * MINUTE), lookedBackAt: ago(minutes * MINUTE) }, present);
        expect(windows[0]!.from.getTime()).toBeLessThanOrEqual(ago(minutes * MINUTE + 10 * MINUTE).getTime());
        windows.slice(1).forEach(({ from }, i) => expect(from).toEqual(windows[i]!.reaches));
        for (const { from, until, reaches } of windows) {
          expect(reaches.getTime() - from.getTime()).toBeLessThanOrEqual(DAY);
          expect(until ?? now).toEqual(reaches);
        }
        expect(windows.at(-1)).toMatchObject({ reaches: now });
        expect(windows.at(-1)).not.toHaveProperty('until');
      }),
    );
  });
});
