import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import official from '@sendgrid/eventwebhook';
import { bodyOf, readCases } from '../../../test/fixtures/read-cases.js';
import { isFresh, verifySignature } from './signature.js';
import { readWebhookKeys } from './webhook-keys.js';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const { privateKey, publicKey } = pair();
const TIMESTAMP = '1795510798';
const signed = (body: Buffer, key = privateKey) => ({
  timestamp: TIMESTAMP,
  body,
  signature: sign('sha256', Buffer.concat([Buffer.from(TIMESTAMP), body]), key).toString('base64'),
});

describe('verifySignature', () => {
  const cases = readCases('sendgrid-').filter(
    ({ name, headers }) => !name.includes('old') && headers['x-twilio-email-event-webhook-signature'],
  );

  it.each(cases.map((fixture) => [fixture.name, fixture] as const))('%s holds or not, as its fixture says', (_name, fixture) => {
    const { headers, secret } = fixture;
    const keys = readWebhookKeys(secret.verificationPublicKey!)!;
    const [signature, timestamp = ''] = [
      headers['x-twilio-email-event-webhook-signature']!,
      headers['x-twilio-email-event-webhook-timestamp'],
    ];
    expect(verifySignature({ keys, signature, timestamp, body: bodyOf(fixture) })).toBe(fixture.expect.verified);
  });

  it('holds where the official verifier says so', () => {
    const body = Buffer.from('[{"event":"delivered","category":"otoño"}]\r\n');
    const { signature, timestamp } = signed(body);
    const verifier = new official.EventWebhook();
    const key = verifier.convertPublicKeyToECDSA(publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
    for (const [sent, holds] of [
      [body, true],
      [body.subarray(0, -2), false],
    ] as const) {
      expect(verifier.verifySignature(key, sent, signature, timestamp)).toBe(holds);
      expect(verifySignature({ keys: [publicKey], timestamp, signature, body: sent })).toBe(holds);
    }
  });

  it('is over bytes: those that are no UTF-8 hold as they are, and no others in their place', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00, 0xc3]);
    expect(verifySignature({ keys: [publicKey], ...signed(body) })).toBe(true);
    expect(verifySignature({ keys: [publicKey], ...signed(body), body: Buffer.from(body.toString('utf8')) })).toBe(false);
  });

  it('holds by any of several keys, and by none without one', () => {
    const request = signed(Buffer.from('[]'));
    expect(verifySignature({ keys: [pair().publicKey, publicKey], ...request })).toBe(true);
    expect(verifySignature({ keys: [pair().publicKey], ...request })).toBe(false);
    expect(verifySignature({ keys: [], ...request })).toBe(false);
  });

  it.each(['', '!', 'AAAA', 'MEUCIQ', 'MAA=', 'MAYCAQACAQA=', 'x'.repeat(100_000)])('refuses %s and does not throw', (signature) => {
    expect(verifySignature({ keys: [publicKey], timestamp: TIMESTAMP, body: Buffer.from('[]'), signature })).toBe(false);
  });
});

// The facts of the specs of @sendgrid/eventwebhook and sendgrid-python: their keys, signatures, timestamps and events.
describe("the official SDKs' own cases", () => {
  const id = 'LRzXl_NHStOGhQ4kofSm_A';
  const one = {
    key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
    signature: 'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
    timestamp: '1600112502',
    body: `${JSON.stringify([
      {
        email: 'hello@world.com',
        event: 'dropped',
        reason: 'Bounced Address',
        sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
        sg_message_id: `${id}.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0`,
        'smtp-id': `<${id}@ismtpd0039p1iad1.sendgrid.net>`,
        timestamp: 1600112492,
      },
    ])}\r\n`,
  };
  const of = (event: object) => ({ email: 'invalid@gmail.com', event: '', ...event });
  const mail = {
    sg_message_id: 'qNwBLgPQQjW6DJvKQwSAbw.filterdrecv-canary-547b64655b-cw6zx-1-6089EA4A-56.0',
    'smtp-id': '<qNwBLgPQQjW6DJvKQwSAbw@ismtpd0178p1mdw1.sendgrid.net>',
  };
  const reason =
    '552 5.2.2 The email account that you tried to reach is over quota and inactive. Please direct the recipient to ' +
    'https://support.google.com/mail/?p=OverQuotaPerm c17si1130468pgv.34 - gsmtp';
  const events = [
    of({
      event: 'processed',
      send_at: 0,
      sg_event_id: 'cHJvY2Vzc2VkLTE5OTQyMTEyLXFOd0JMZ1BRUWpXNkRKdktRd1NBYnctMA',
      ...mail,
      timestamp: 1619651146,
    }),
    of({
      event: 'bounce',
      ip: '167.89.101.76',
      reason,
      sg_event_id: 'Ym91bmNlLTAtMTk5NDIxMTItcU53QkxnUFFRalc2REp2S1F3U0Fidy0w',
      ...mail,
      status: '5.2.2',
      timestamp: 1619651147,
      tls: 1,
      type: 'blocked',
    }),
  ];
  const two = {
    key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ4LIFtWztlsF7skFqOncjD1lun4H5w8XOhyOArHW9RcIx/FfEzx6cikC/yPfUvwaX/JScE7Fc9CJD2afQ9Ok3Q==',
    signature: 'MEYCIQC/I4o6vCgqRYrTljjoVWB/GRWNtxeePlLMHr3x9ETeRQIhAIpV+03nREPTTHWSW0wIOA0EoMPdcNgXa70yCaqDJlu5',
    timestamp: '1619651159',
    // A line end after each event.
    body: `[${events.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`,
  };
  const another =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==';
  const wrong = 'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0=';
  const verify = ({ key, body, ...given }: typeof one) =>
    verifySignature({ keys: readWebhookKeys(key)!, ...given, body: Buffer.from(body) });

  it.each([
    ['one event', one],
    ['two events', two],
  ])('%s holds', (_name, given) => expect(verify(given)).toBe(true));

  it.each([
    ['another key', { key: another }],
    ['another body', { body: 'payload' }],
    ['the body without its line end', { body: one.body.trimEnd() }],
    ['another signature', { signature: wrong }],
    ['another timestamp', { timestamp: 'timestamp' }],
  ])('with %s it does not', (_name, changed) => expect(verify({ ...one, ...changed })).toBe(false));
});

describe('isFresh', () => {
  const now = new Date('2026-11-24T09:00:00Z');
  const ago = (hours: number) => String(now.getTime() / 1000 - hours * 3600);

  it('lets in what may be a repetition: events for a day, mails for three, with a day for a wrong clock', () => {
    for (const hours of [0, 23, 72, 95]) expect(isFresh(ago(hours), now)).toBe(true);
    for (const hours of [97, 40 * 24]) expect(isFresh(ago(hours), now)).toBe(false);
  });

  it('lets in what is ahead of us, and nothing that is no time', () => {
    expect(isFresh(ago(-30), now)).toBe(true);
    for (const timestamp of ['', 'soon', '1e9', '-1', '9'.repeat(30)]) expect(isFresh(timestamp, now)).toBe(false);
  });
});

describe('readWebhookKeys', () => {
  const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

  it.each([
    ['base64 of DER', der],
    ['PEM', pem],
    ['PEM on one line, with \\n between', pem.replaceAll('\n', '\\n')],
  ])('reads %s', (_form, text) => {
    expect(readWebhookKeys(text)!.map((key) => key.equals(publicKey))).toEqual([true]);
  });

  it('reads several by comma', () => {
    expect(readWebhookKeys(`${der}, ${pem}`)).toHaveLength(2);
  });

  it.each([
    ['nothing', ''],
    ['an API key', 'SG.abc.def'],
    ['base64 of something else', Buffer.from('a secret').toString('base64')],
    [
      'a key on another curve',
      generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ],
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['a private key', privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')],
    ['a good one and an empty one', `${der},`],
  ])('reads no key in %s', (_what, text) => {
    expect(readWebhookKeys(text)).toBeUndefined();
  });

  it('of the fixtures is the public half of what signs them', () => {
    const { secret } = readCases('sendgrid-bad-')[0]!;
    const body = Buffer.from('[]');
    const key = createPrivateKey({ key: Buffer.from(secret.signingPrivateKeyPkcs8!, 'base64'), format: 'der', type: 'pkcs8' });
    expect(verifySignature({ keys: readWebhookKeys(secret.verificationPublicKey!)!, ...signed(body, key) })).toBe(true);
  });
});
