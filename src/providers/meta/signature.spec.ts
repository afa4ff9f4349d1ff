import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { verifySignature } from './signature.js';

const SECRET = 'fx_secret';
const BODY = Buffer.from('{"text":"\\u00f1 a\\/b"}');
const sign = (body: Buffer, secret = SECRET) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('verifySignature', () => {
  it('accepts what the secret signed, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const body = Buffer.from(bytes);
        expect(verifySignature(SECRET, body, sign(body))).toBe(true);
      }),
    );
    expect(verifySignature(SECRET, BODY, sign(BODY))).toBe(true);
  });

  // Of the same header, as GitHub documents it: "Validating webhook deliveries", testing the webhook payload validation.
  it('accepts a known answer', () => {
    const answer = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(verifySignature("It's a Secret to Everybody", Buffer.from('Hello, World!'), answer)).toBe(true);
  });

  // Meta, Webhooks, Validating payloads: signed is the escaped text, in small letters.
  it('is over the text as Meta escapes it', () => {
    const escaped = Buffer.from('{"text":"\\u00e4\\u00f6\\u00e5"}');
    for (const other of ['{"text":"äöå"}', '{"text":"\\u00E4\\u00F6\\u00E5"}'])
      expect(verifySignature(SECRET, Buffer.from(other), sign(escaped))).toBe(false);
    expect(verifySignature(SECRET, escaped, sign(escaped))).toBe(true);
  });

  it('refuses another body, also the same JSON written otherwise, and another secret', () => {
    expect(verifySignature(SECRET, Buffer.from('{"text":"ñ a/b"}'), sign(BODY))).toBe(false);
    expect(verifySignature(SECRET, BODY, sign(BODY, 'other'))).toBe(false);
  });

  it.each([
    ['of a wrong length', 'sha256=abc'],
    ['that is empty', ''],
    ['without its prefix', sign(BODY).slice('sha256='.length)],
    ['that is no hex', `sha256=${'z'.repeat(64)}`],
    ['in capitals', `sha256=${sign(BODY).slice('sha256='.length).toUpperCase()}`],
    ['that comes twice', `${sign(BODY)}, ${sign(BODY)}`],
    ['of the older kind', `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}`],
    ['whose length in bytes is another than in characters', `sha256=${'é'.repeat(64)}`],
  ])('refuses one %s', (_which, signature) => {
    expect(verifySignature(SECRET, BODY, signature)).toBe(false);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (bytes, text) => void verifySignature(SECRET, Buffer.from(bytes), text)),
    );
  });
});
