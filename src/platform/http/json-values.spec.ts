import { describe, expect, it } from '@jest/globals';
import { cpuMsOf } from '../../../test/support/cpu.js';
import { hasMoreValues } from './json-values.js';

const has = (text: string, most: number) => hasMoreValues(Buffer.from(text), most);

describe('hasMoreValues', () => {
  it.each([
    ['{"a":[1,2]}', 5],
    ['[{},{},{}]', 6],
    ['"a,b,c,[[{{::"', 1],
    [String.raw`{"a":"\",\\"}`, 4],
    ['', 0],
    ['"without an end', 1],
  ])('of %s counts what parts it, and each text once: %s', (text, values) => {
    expect([has(text, values), has(text, values - 1)]).toEqual([false, values > 0]);
  });

  it.each([
    ['{},', true],
    ['"a",', true],
    ['[', true],
    [' ', false],
    ['1', false],
    [String.raw`"\""`, true],
    [String.raw`\"`, false],
  ])('tells of 40 MB of %s in a moment', async (piece, isMore) => {
    const body = Buffer.from(`"${isMore ? '",' : ''}${piece.repeat(Math.floor((40 << 20) / piece.length))}`);
    expect(await cpuMsOf(() => expect(hasMoreValues(body, 200_000)).toBe(isMore))).toBeLessThan(2_000);
  });
});
