import { describe, expect, it } from '@jest/globals';
import { bodyOf, type FixtureCase, readCases } from '../../../test/fixtures/read-cases.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { readConfig } from '../../platform/config/read-config.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { MESSAGES } from './message-answer.js';
import { TwilioAdapter } from './twilio.adapter.js';
import { TwilioVerifier } from './twilio-verifier.service.js';
import { TwilioConfig } from './twilio.config.js';

const CASES = [...readCases('twilio-sms-'), ...readCases('twilio-whatsapp-')];
const INBOUND = CASES.find(({ name }) => name === 'twilio-sms-inbound')!;
const SENT = CASES.find(({ name }) => name === 'twilio-sms-status-sent')!;

/** Of an installation whose only account is the environment's. */
const NO_ACCOUNTS = { secretsOf: () => Promise.resolve(undefined) } as unknown as ProviderAccountsService;

function adapterOf({ secret, publicUrl }: FixtureCase): TwilioAdapter {
  const variables = {
    TWILIO_ACCOUNT_SID: secret.accountSid,
    TWILIO_AUTH_TOKEN: secret.authToken,
    TWILIO_AUTH_TOKEN_SECONDARY: secret.authTokenSecondary,
  };
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const config = readConfig(TwilioConfig, Object.fromEntries(set));
  return new TwilioAdapter(
    'SMS',
    MESSAGES,
    new TwilioVerifier(config, readConfig(HttpConfig, { PUBLIC_URL: publicUrl }), NO_ACCOUNTS),
    config,
  );
}

function deliveryOf(fixture: FixtureCase, changes: Partial<RawDelivery> = {}): VerifiedDelivery {
  const delivery: RawDelivery = {
    id: fixture.name,
    channel: 'SMS',
    provider: 'TWILIO',
    url: fixture.path!,
    headers: fixture.headers,
    body: bodyOf(fixture),
    reading: {},
    receivedAt: new Date(fixture.receivedAt),
    ...changes,
  };
  return delivery as VerifiedDelivery;
}

describe('TwilioAdapter', () => {
  it.each(CASES.filter((fixture) => fixture.path !== undefined))('$name is verified or refused as it expects', async (fixture) => {
    const verdict = await adapterOf(fixture).verify(deliveryOf(fixture));
    if (fixture.expect.verified) expect(verdict).toEqual({ verified: true, accountId: fixture.secret.accountSid });
    else expect(verdict).toMatchObject({ verified: false, status: fixture.expect.http.status });
  });

  it('a refusal says what to check on one line, and neither the signature nor the token', async () => {
    const headers = { ...INBOUND.headers, 'x-twilio-signature': 'x' };
    const verdict = await adapterOf(INBOUND).verify(deliveryOf(INBOUND, { headers }));
    const reason = verdict.verified ? '' : verdict.reason;
    expect(reason).toContain('PUBLIC_URL');
    expect(reason).toContain('TWILIO_AUTH_TOKEN');
    expect(reason).not.toContain(INBOUND.headers['x-twilio-signature']!);
    expect(reason).not.toContain(INBOUND.secret.authToken!);
    expect(reason).not.toContain('\n');
  });

  it('a content type that Twilio does not send is 415', async () => {
    for (const type of ['text/plain', '', 'multipart/form-data; boundary=x']) {
      const headers = { ...INBOUND.headers, 'content-type': type };
      expect(await adapterOf(INBOUND).verify(deliveryOf(INBOUND, { headers }))).toMatchObject({ verified: false, status: 415 });
    }
  });

  it('a fragment is not signed', async () => {
    expect((await adapterOf(INBOUND).verify(deliveryOf(INBOUND, { url: `${INBOUND.path!}#rc=5&rp=all` }))).verified).toBe(true);
  });

  it('a public URL may have a path and end in a slash', async () => {
    const fixture = { ...INBOUND, publicUrl: 'https://centralita.example/api/' };
    expect((await adapterOf(fixture).verify(deliveryOf(INBOUND, { url: '/webhooks/sms/twilio' }))).verified).toBe(true);
  });

  it('without credentials it names what is missing and verifies nothing', async () => {
    const adapter = adapterOf({ ...INBOUND, secret: {} });
    expect(adapter.missing).toEqual(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']);
    expect((await adapter.verify(deliveryOf(INBOUND))).verified).toBe(false);
    expect(adapterOf(INBOUND).missing).toEqual([]);
  });

  it('a message is answered by an empty TwiML, a status and what is neither by 204', () => {
    const adapter = adapterOf(INBOUND);
    const empty = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
    expect(adapter.reply(deliveryOf(INBOUND))).toEqual({ status: 200, contentType: 'text/xml', body: empty });
    expect(adapter.reply(deliveryOf(SENT))).toEqual({ status: 204 });
    expect(adapter.reply(deliveryOf(INBOUND, { body: Buffer.from('nothing') }))).toEqual({ status: 204 });
  });

  it('signed JSON that is none is kept as a problem', () => {
    const broken = deliveryOf(INBOUND, { headers: { 'content-type': 'application/json' }, body: Buffer.from('{') });
    expect(adapterOf(INBOUND).normalize(broken)).toEqual({
      drafts: [],
      problems: [{ index: 0, message: 'The body is not a JSON object.' }],
    });
    expect(adapterOf(INBOUND).reply(broken)).toEqual({ status: 204 });
  });
});
