import { describe, expect, it } from '@jest/globals';
import { RETRY_PAUSE } from '../../platform/jobs/task.js';
import { type FailureKind, isGivenUp } from './media-failure.js';

/** How long after the first try the last one is. */
function lastTrySeconds(kind: FailureKind): number {
  let seconds = 0;
  for (let tries = 1; !isGivenUp(kind, tries); tries++) seconds += RETRY_PAUSE(tries);
  return seconds;
}

describe('A file that was not fetched', () => {
  it('and never will be is given up at once', () => expect(lastTrySeconds('FINAL')).toBe(0));
  it.each(['REFUSED', 'DAMAGED'] as const)('because it was %s is given up within a minute', (kind) => {
    expect(lastTrySeconds(kind)).toBeGreaterThan(20);
    expect(lastTrySeconds(kind)).toBeLessThan(60);
  });
  it('because it is not there yet is asked for over some minutes', () => {
    expect(lastTrySeconds('MISSING')).toBeGreaterThan(180);
    expect(lastTrySeconds('MISSING')).toBeLessThan(600);
  });
  it('because of an outage is asked for over some hours', () => {
    expect(lastTrySeconds('UNREACHABLE')).toBeGreaterThan(2 * 3600);
    expect(lastTrySeconds('UNREACHABLE')).toBeLessThan(24 * 3600);
  });
});
