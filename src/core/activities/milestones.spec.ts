import { describe, expect, it } from '@jest/globals';
import { milestonesOf } from './milestones.js';

describe('milestonesOf', () => {
  it('are in the order they were reached, though a provider tells whole seconds', () => {
    const at = (ms: number) => [ms, 0] as const;
    const found = milestonesOf('EMAIL', {
      PROCESSED: at(34_000),
      QUEUED: at(34_024),
      DELIVERED: at(35_000),
      SENT: at(34_104),
      SENDING: at(34_024),
      OPENED: at(33_000),
    });
    expect(found.map(({ status }) => status)).toEqual(['OPENED', 'QUEUED', 'SENDING', 'SENT', 'PROCESSED', 'DELIVERED']);
    expect(found[4]).toEqual({ status: 'PROCESSED', at: new Date(34_000) });
  });
});
