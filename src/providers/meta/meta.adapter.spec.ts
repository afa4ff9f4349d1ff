import { describe, expect, it } from '@jest/globals';
import { bodyOf, type FixtureCase, readCase, readCases } from '../../../test/fixtures/read-cases.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { readConfig } from '../../platform/config/read-config.js';
import { GraphMedia } from './graph-media.service.js';
import { MetaVerifier } from './meta-verifier.service.js';
import { MetaAdapter } from './meta.adapter.js';
import { MetaConfig } from './meta.config.js';

const POSTED = readCases('meta-whatsapp-').filter(({ method }) => method === 'POST');
const TEXT = readCase('meta-whatsapp-text');

/** Of an installation whose only account is the environment's. */
const NO_ACCOUNTS = { secretsOf: () => Promise.resolve(undefined), allOf: () => Promise.resolve([]) } as unknown as ProviderAccountsService;

function adapterOf({ secret }: Pick<FixtureCase, 'secret'>): MetaAdapter {
  const variables = { WHATSAPP_APP_SECRET: secret.appSecret, WHATSAPP_VERIFY_TOKEN: secret.verifyToken };
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const config = readConfig(MetaConfig, Object.fromEntries(set));
  return new MetaAdapter(config, new MetaVerifier(config, NO_ACCOUNTS), new GraphMedia(config));
}

function deliveryOf(fixture: FixtureCase, changes: Partial<RawDelivery> = {}): VerifiedDelivery {
  const delivery: RawDelivery = {
    id: fixture.name,
    channel: 'WHATSAPP',
    provider: 'META',
    url: fixture.path!,
    headers: fixture.headers,
    body: bodyOf(fixture),
    reading: {},
    receivedAt: new Date(fixture.receivedAt),
    ...changes,
  };
  return delivery as VerifiedDelivery;
}

describe('MetaAdapter', () => {
  it.each(POSTED.map((fixture) => [fixture.name, fixture] as const))('%s is verified or refused as it expects', async (_name, fixture) => {
    const verdict = await adapterOf(fixture).verify(deliveryOf(fixture));
    if (fixture.expect.verified) expect(verdict).toEqual({ verified: true, accountId: '' });
    else expect(verdict).toMatchObject({ verified: false, status: fixture.expect.http.status });
  });

  it('the older SHA-1 header alone verifies nothing, and beside the newer one changes nothing', async () => {
    const { 'x-hub-signature-256': signature, ...older } = TEXT.headers;
    expect(older['x-hub-signature']).toMatch(/^sha1=/);
    expect((await adapterOf(TEXT).verify(deliveryOf(TEXT, { headers: older }))).verified).toBe(false);
    const headers = { ...older, 'x-hub-signature': 'sha1=wrong', 'x-hub-signature-256': signature! };
    expect((await adapterOf(TEXT).verify(deliveryOf(TEXT, { headers }))).verified).toBe(true);
  });

  it('a refusal says what to check on one line, and neither the signature nor the secret', async () => {
    const headers = { ...TEXT.headers, 'x-hub-signature-256': 'sha256=x' };
    const verdict = await adapterOf(TEXT).verify(deliveryOf(TEXT, { headers }));
    const reason = verdict.verified ? '' : verdict.reason;
    expect(reason).toContain('WHATSAPP_APP_SECRET');
    expect(reason).not.toContain(TEXT.secret.appSecret);
    expect(reason).not.toContain('\n');
  });

  it('without credentials it names what is missing and verifies nothing', async () => {
    const adapter = adapterOf({ secret: {} });
    expect(adapter.missing).toEqual(['WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN']);
    expect((await adapter.verify(deliveryOf(TEXT))).verified).toBe(false);
    expect(adapterOf(TEXT).missing).toEqual([]);
  });

  it('a delivery is answered by an empty 200', () => {
    expect(adapterOf(TEXT).reply()).toEqual({ status: 200 });
  });

  it.each(['', '{', '\xff\xfe', '[[['])('signed bytes that are no JSON (%j) are kept as a problem', (text) => {
    expect(adapterOf(TEXT).normalize(deliveryOf(TEXT, { body: Buffer.from(text, 'latin1') }))).toEqual({
      drafts: [],
      problems: [{ index: 0, message: 'The body is not JSON.' }],
    });
  });

  it('a file is asked for by nobody where there is no token to ask with', async () => {
    await expect(adapterOf(TEXT).media('/1', '')).rejects.toThrow('WHATSAPP_ACCESS_TOKEN is not set');
    await expect(adapterOf(TEXT).media('/1', '102290129340398')).rejects.toThrow('not configured any more');
  });
});
