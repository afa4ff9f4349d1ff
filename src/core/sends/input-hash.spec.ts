import { describe, expect, it } from '@jest/globals';
import { inputHashOf } from './input-hash.js';

describe('inputHashOf', () => {
  it('is that of the same members, in whatever order, those that are null left out', () => {
    expect(inputHashOf({ a: 1, b: { c: null, d: [1, 2] } })).toBe(inputHashOf({ b: { d: [1, 2] }, a: 1, e: null }));
  });

  it.each([
    [
      [1, 2],
      [2, 1],
    ],
    [[null], []],
    ['1', 1],
    [{ a: { b: 1 } }, { a: [['b', 1]] }],
    [{ a: 1 }, { a: 1, b: null }],
  ])('of %j and %j is not the same', (one, other) => {
    expect(inputHashOf({ metadata: one })).not.toBe(inputHashOf({ metadata: other }));
  });
});
