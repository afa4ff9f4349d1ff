import { describe, expect, it } from '@jest/globals';
import { inputHashOf } from './input-hash.js';

describe('inputHashOf', () => {
  it('is that of the same members, in whatever order, those that are null left out', () => {
    expect(inputHashOf({ a: 1, b: { c: null, d: [1, 2] } })).toBe(inputHashOf({ b: { d: [1, 2] }, a: 1, e: null }));
  });

  it('stays what it was, for sends of before an upgrade are repeated after it', () => {
    const sendAt = new Date('2026-12-01T09:00:00Z');
    const metadata = { crm: { id: 7, note: null } };
    expect(inputHashOf({ organizationId: '1', to: '+34600123456', body: 'hola', sendAt, metadata })).toBe(
      '0b10b3a3f0fa0d4857c69fb0df6996866d20631a1940dc33bf4ddc2224bf3a1e',
    );
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
