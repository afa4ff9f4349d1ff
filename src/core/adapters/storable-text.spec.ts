import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Json } from './activity-draft.js';
import { replaceUnstorable } from './storable-text.js';

describe('replaceUnstorable', () => {
  it('replaces U+0000 and lone surrogates, and leaves pairs alone', () => {
    expect(replaceUnstorable('a\0b')).toBe('a\ufffdb');
    expect(replaceUnstorable('\ud800 \udc00')).toBe('\ufffd \ufffd');
    expect(replaceUnstorable('\ud83d\udc4b ñ \t\r\n')).toBe('👋 ñ \t\r\n');
  });

  it('reaches names and values at any depth', () => {
    expect(replaceUnstorable({ 'a\0': ['\ud800', { b: 'c\0' }, 1, null, true] })).toEqual({
      'a\ufffd': ['\ufffd', { b: 'c\ufffd' }, 1, null, true],
    });
  });

  it('keeps a member named __proto__ a member', () => {
    const cleaned = replaceUnstorable(JSON.parse('{"__proto__":"x\\u0000"}') as Json);
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":"x\ufffd"}');
  });

  it('changes nothing that can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(replaceUnstorable(text)).toBe(text.replaceAll('\0', '\ufffd'));
      }),
    );
  });
});
