import { describe, expect, it } from '@jest/globals';
import { cpuMsOf } from '../../../test/support/cpu.js';
import fc from 'fast-check';
import { parseForm } from './form.js';

const read = (text: string) => [...parseForm(Buffer.from(text))];

describe('parseForm', () => {
  it('decodes spaces, escapes and UTF-8, and keeps the order', () => {
    expect(read('Body=1+%2B%201+%C2%BF%F0%9F%91%8B&From=%2B12025550147')).toEqual([
      ['Body', ['1 + 1 ¿👋']],
      ['From', ['+12025550147']],
    ]);
  });

  it('keeps empty names and values, and gathers repeated ones', () => {
    expect(read('a=&=b&c&a=2&&a=')).toEqual([
      ['a', ['', '2', '']],
      ['', ['b']],
      ['c', ['']],
    ]);
  });

  it('any name is a name', () => {
    expect(read('__proto__=1&a%5B%5D=2&constructor=3&?x=4')).toEqual([
      ['__proto__', ['1']],
      ['a[]', ['2']],
      ['constructor', ['3']],
      ['?x', ['4']],
    ]);
    expect(read('?x=4')).toEqual([['?x', ['4']]]);
  });

  it('tolerates what is no escape and what is no UTF-8', () => {
    expect(read('a=50%&b=%zz&c=%FF&d=%C3')).toEqual([
      ['a', ['50%']],
      ['b', ['%zz']],
      ['c', ['\ufffd']],
      ['d', ['\ufffd']],
    ]);
    expect([...parseForm(Buffer.from([0x61, 0x3d, 0xff]))]).toEqual([['a', ['\ufffd']]]);
  });

  it('reads as many parameters as anybody signs, and not as many as fit', () => {
    const many = (count: number) => parseForm(Buffer.from(Array.from({ length: count }, (_, i) => `p${i}=${i}`).join('&'))).size;
    expect([many(5_000), many(100_000)]).toEqual([5_000, 20_001]);
  });

  it('leaves nothing out of what a signature must hold over, however it is padded', () => {
    expect(read(`a=1${'&'.repeat(30_000)}b=2`)).toEqual([
      ['a', ['1']],
      ['b', ['2']],
    ]);
    const [padded, rest] = read(`${'a=1&'.repeat(20_000)}b=2&c=3`);
    expect([new Set(padded![1]), rest]).toEqual([new Set(['1']), ['b=2&c=3', ['']]]);
  });

  it.each(['%&', '%FF&', 'a=%&', '&', '%', '%FF', '%ff%zz'])('is done with 2 MB of %s in a moment', async (piece) => {
    const body = Buffer.from(piece.repeat(Math.floor((2 << 20) / piece.length)));
    expect(await cpuMsOf(() => parseForm(body))).toBeLessThan(2_000);
  });

  it('reads ASCII as URLSearchParams does', () => {
    const piece = fc.oneof(
      fc.constantFrom('&', '=', '+', '%', '%C3%B1', '%ED%A0%80', '%f', '\0', '?'),
      fc.string({ unit: 'binary-ascii' }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const body = Buffer.from(pieces.join(''));
        const expected = new Map<string, string[]>();
        // The `&` keeps a leading `?`.
        for (const [name, value] of new URLSearchParams(`&${body.toString()}`)) expected.set(name, [...(expected.get(name) ?? []), value]);
        expect([...parseForm(body)]).toEqual([...expected]);
      }),
      { numRuns: 1_000 },
    );
  });

  // URLSearchParams of Node 20 reads `%FFñ` wrong.
  it('reads raw UTF-8 beside escapes, also where they share a character', () => {
    expect(read('a=ñ%C3%B1+👋&b=%FFñ')).toEqual([
      ['a', ['ññ 👋']],
      ['b', ['\ufffdñ']],
    ]);
    expect([...parseForm(Buffer.from('a=\xc3%B1', 'latin1'))]).toEqual([['a', ['ñ']]]);
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseForm(Buffer.from(bytes))));
  });
});
