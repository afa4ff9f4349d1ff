import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { NONCE_BYTES, openSecrets, readSecretsKey, sealSecrets } from './sealed-secrets.js';

const KEY = randomBytes(32);
const SECRETS = { authToken: 'un token ñ 👋' };
const seal = (nonce = randomBytes(NONCE_BYTES)) => sealSecrets(SECRETS, KEY, nonce, 'TWILIO AC1');

describe('Secrets at rest', () => {
  it('open with their key, for their owner', () => {
    expect(openSecrets(seal(), KEY, 'TWILIO AC1')).toEqual(SECRETS);
  });

  it('do not show', () => {
    expect(seal().includes('token')).toBe(false);
    expect(seal().equals(seal())).toBe(false);
  });

  it('of another key say so', () => {
    expect(openSecrets(seal(), randomBytes(32), 'TWILIO AC1')).toBe('ANOTHER_KEY');
  });

  it("moved to another's row do not open", () => {
    expect(openSecrets(seal(), KEY, 'TWILIO AC2')).toBe('DAMAGED');
  });

  it('changed in any byte do not open', () => {
    const sealed = seal();
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(openSecrets(changed, KEY, 'TWILIO AC1')).toMatch(/DAMAGED|ANOTHER_KEY/);
      expect(openSecrets(sealed.subarray(0, i), KEY, 'TWILIO AC1')).toMatch(/DAMAGED|ANOTHER_KEY/);
    }
  });
});

describe('A key of secrets', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('is read from %s', (encoding) => {
    expect(readSecretsKey(KEY.toString(encoding))).toEqual(KEY);
  });

  it.each([
    '',
    'short',
    'g'.repeat(64),
    randomBytes(31).toString('hex'),
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
  ])('is not read from %p', (text) => expect(readSecretsKey(text)).toBeUndefined());
});
