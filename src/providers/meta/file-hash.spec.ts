import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { message } from '../../../test/factories/meta-items.js';
import { fileHashOf, messageFileHashOf } from './file-hash.js';

const HASH = createHash('sha256').update('a picture').digest();

describe('the hash of a file', () => {
  it.each([HASH.toString('hex'), HASH.toString('hex').toUpperCase(), HASH.toString('base64')])('is read as %s', (sha256) => {
    expect(fileHashOf({ sha256 })).toBe(HASH.toString('hex'));
  });

  it.each([undefined, null, '', 'x', 7, HASH.toString('base64url'), HASH.toString('hex').slice(2)])('is none where it is %p', (sha256) => {
    expect(fileHashOf({ sha256 })).toBeUndefined();
  });

  it('is what its message said', () => {
    const { metadata } = message('image', { id: '1', mime_type: 'image/png', sha256: HASH.toString('base64') }).event;
    expect(messageFileHashOf(metadata)).toBe(HASH.toString('hex'));
    expect(messageFileHashOf(message('text', { body: 'hola' }).event.metadata)).toBeUndefined();
    expect(messageFileHashOf({})).toBeUndefined();
  });
});
