import { randomInt } from 'node:crypto';
import { inAnyOrder } from './any-order.js';

describe('any order', () => {
  it('has each item once, and as many again as are to be repeated', () => {
    for (const repeats of [0, 1, 2, 3]) {
      const order = inAnyOrder(['a', 'b', 'c'], repeats, randomInt);
      expect(order).toHaveLength(3 + repeats);
      expect([...new Set(order)].sort()).toEqual(['a', 'b', 'c']);
    }
  });

  it('is each of the possible ones, sooner or later', () => {
    const seen = new Set(Array.from({ length: 300 }, () => inAnyOrder(['a', 'b', 'c'], 0, randomInt).join('')));
    expect([...seen].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });
});
