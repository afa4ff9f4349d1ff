import { describe, expect, it } from '@jest/globals';
import { type Provider } from '../adapters/channel.js';
import { readAccount } from './account-form.js';

const SID = `AC${'0'.repeat(32)}`;
const APP_SECRET = '0123456789abcdef'.repeat(2);
const PUBLIC_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==';

describe('readAccount', () => {
  it.each<[Provider, string, Record<string, unknown>]>([
    ['TWILIO', SID, { authToken: 'an-auth-token' }],
    ['TWILIO', SID, { authToken: 'an-auth-token', authTokenSecondary: 'another-token' }],
    ['META', '102290129340398', { appSecret: APP_SECRET, accessToken: 'EAAG-token', verifyToken: 'verify-me' }],
    ['SENDGRID', 'sub.user@norte', { webhookKey: PUBLIC_KEY, apiKey: 'SG.0123456789.x' }],
    ['SENDGRID', 'norte', { webhookKey: `${PUBLIC_KEY}, ${PUBLIC_KEY}` }],
    ['SENDGRID', 'norte', { webhookKey: `-----BEGIN PUBLIC KEY-----\n${PUBLIC_KEY}\n-----END PUBLIC KEY-----` }],
  ])('reads an account of %s', (provider, accountId, secrets) => {
    expect(readAccount(provider, ` ${accountId} `, secrets)).toEqual({ accountId, secrets });
  });

  it('leaves out a secret that is null', () => {
    expect(readAccount('TWILIO', SID, { authToken: 'an-auth-token', authTokenSecondary: null })).toEqual({
      accountId: SID,
      secrets: { authToken: 'an-auth-token' },
    });
  });

  it.each<[Provider, string, unknown, string]>([
    ['TWILIO', 'SK123', { authToken: 'an-auth-token' }, 'accountId'],
    ['META', SID, { appSecret: APP_SECRET }, 'accountId'],
    ['TWILIO', SID, 'an-auth-token', 'secrets'],
    ['TWILIO', SID, null, 'secrets'],
    ['TWILIO', SID, ['an-auth-token'], 'secrets'],
    ['TWILIO', SID, { authToken: 'an-auth-token', apiKey: 'x' }, 'secrets'],
    ['TWILIO', SID, JSON.parse('{"authToken":"an-auth-token","__proto__":"x"}'), 'secrets'],
    ['TWILIO', SID, {}, 'secrets.authToken'],
    ['TWILIO', SID, { authToken: 12345678 }, 'secrets.authToken'],
    ['TWILIO', SID, { authToken: SID }, 'secrets.authToken'],
    ['TWILIO', SID, { authToken: 'an-auth-token', authTokenSecondary: 'x' }, 'secrets.authTokenSecondary'],
    ['META', '102290129340398', { accessToken: 'EAAG-token' }, 'secrets.appSecret'],
    ['SENDGRID', 'norte', { webhookKey: 'x' }, 'secrets.webhookKey'],
    ['SENDGRID', 'norte', { webhookKey: `${PUBLIC_KEY},` }, 'secrets.webhookKey'],
  ])('%s %s %j is refused by naming what is wrong, and not what was given', (provider, accountId, secrets, field) => {
    const read = readAccount(provider, accountId, secrets);
    expect(read).toEqual({ field, problem: expect.stringContaining(field) });
    expect(JSON.stringify(read)).not.toContain('an-auth-token');
  });
});
