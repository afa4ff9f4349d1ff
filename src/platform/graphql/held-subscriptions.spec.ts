import { HeldSubscriptions } from './held-subscriptions.js';

describe('The subscriptions of a credential', () => {
  it('are thousands of usual length', () => {
    const held = new HeldSubscriptions();
    for (let i = 0; i < 10_000; i++) expect(held.take('ana', 500)).toBeDefined();
  });

  it('keep so much together and no more, whatever another keeps, until one of them ends', () => {
    const held = new HeldSubscriptions();
    const ends = Array.from({ length: 63 }, () => held.take('ana', 1 << 20)!);
    expect([held.take('ana', 1 << 20), held.take('bea', 1 << 20)]).toEqual([undefined, expect.any(Function)]);
    ends[0]!();
    expect(held.take('ana', 1 << 20)).toBeDefined();
    expect(held.take('ana', 1 << 20)).toBeUndefined();
  });
});
