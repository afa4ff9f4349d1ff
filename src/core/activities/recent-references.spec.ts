import { describe, expect, it } from '@jest/globals';
import { RecentReferences } from './recent-references.js';

const sid = (i: number) => `SM67a85efb6904f8ce1228928b${i.toString(16).padStart(8, '0')}`;

describe('The references that were seen lately', () => {
  it('are known again, nearly all of the last hundred thousand, and none that was not seen, or hardly one', () => {
    const seen = new RecentReferences();
    for (let i = 0; i < 100_000; i++) seen.add(sid(i));
    const known = (from: number) => Array.from({ length: 20_000 }, (_, i) => seen.has(sid(from + i))).filter(Boolean).length;
    expect(known(80_000)).toBeGreaterThan(18_500);
    expect(known(0)).toBeGreaterThan(12_000);
    expect(known(100_000)).toBeLessThan(20);
  });

  it('are forgotten when asked', () => {
    const seen = new RecentReferences();
    seen.add('SM1');
    expect(seen.has('SM1')).toBe(true);
    seen.clear();
    expect([seen.has('SM1'), seen.has('')]).toEqual([false, false]);
  });
});
