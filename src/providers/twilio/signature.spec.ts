import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { bodyOf, type FixtureCase, readCases } from '../../../test/fixtures/read-cases.js';
import { parseForm, type WebhookParameters } from './form.js';
import { verifySignature } from './signature.js';

const CASES = readCases('twilio-sms-');

function form(parameters: Record<string, string | string[]>): { form: WebhookParameters } {
  return { form: new Map(Object.entries(parameters).map(([name, value]) => [name, Array.isArray(value) ? value : [value]])) };
}

function verifyCase(fixture: FixtureCase, body = bodyOf(fixture)): boolean {
  const { authToken, authTokenSecondary } = fixture.secret;
  return verifySignature({
    tokens: [authToken, authTokenSecondary].filter((token) => token !== undefined),
    url: fixture.path === undefined ? fixture.signedUrl! : fixture.publicUrl + fixture.path,
    signature: fixture.headers['x-twilio-signature'] ?? '',
    content: fixture.contentType === 'application/json' ? { json: body } : { form: parseForm(body) },
  });
}

describe('the fixtures', () => {
  it.each(CASES.filter((fixture) => fixture.expect.verified))('$name verifies', (fixture) => {
    expect(verifyCase(fixture)).toBe(true);
  });

  it.each(CASES.filter((fixture) => !fixture.expect.verified))('$name is refused', (fixture) => {
    expect(verifyCase(fixture)).toBe(false);
  });

  it('a JSON body that changed after its hash was signed is refused', () => {
    const fixture = CASES.find(({ name }) => name === 'twilio-sms-json-body-sha256')!;
    expect(verifyCase(fixture, Buffer.from(`${fixture.body} `))).toBe(false);
  });
});

// The facts of twilio-node `spec/validation.spec.js`: its token, URLs, parameters and signatures.
describe("the official SDK's own cases", () => {
  const tokens = ['12345'];
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const call = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' };
  const body = Buffer.from('{"property": "value", "boolean": true}');
  const hash = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
  const hashOfEmpty = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
  const json = { json: body };

  it.each([
    ['the URL as it is', url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['https with another port, signed without', url.replace('.com', '.com:1234'), 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['http with its port', url.replace('https', 'http').replace('.com', '.com:1234'), 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
    ['https without a port, signed with 443', url, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['http without a port, signed with 80', url.replace('https', 'http'), '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['user and password', url.replace('//', '//user:pass@'), 'CukzLTc1tT5dXEDIHm/tKBanW10='],
    ['a user alone', url.replace('//', '//user@'), '2YRLlVAflCqxaNicjMpJcSTgzSs='],
    ['user and password, signed with 443', url.replace('//', '//user:pass@'), 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
    ['an apostrophe signed as it is', `${url}&Body=It's+amazing`, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw='],
    ['an apostrophe signed as %27', `${url}&Body=It's+amazing`, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
  ])('%s verifies', (_, given, signature) => {
    expect(verifySignature({ tokens, url: given, signature, content: form(call) })).toBe(true);
  });

  it.each([
    ['a list', { 'MessagingBinding.Address': ['+1325xxxxxxx', '+1415xxxxxxx'] }, '83O6e2vORAoJHUNzJjDWN1jz+BA='],
    ['a list in another order', { 'MessagingBinding.Address': ['+1415xxxxxxx', '+1325xxxxxxx'] }, '83O6e2vORAoJHUNzJjDWN1jz+BA='],
    ['a list with repeats', { Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] }, 'IK+Dwps556ElfBT0I3Rgjkr1wJU='],
  ])('%s verifies', (_, parameters, signature) => {
    expect(verifySignature({ tokens, url, signature, content: form(parameters) })).toBe(true);
  });

  it.each([
    ['a JSON body', `${url}&bodySHA256=${hash}`, 'a9nBmqA0ju/hNViExpshrM61xv4=', json],
    ['an empty object', `${url}&bodySHA256=${hashOfEmpty}`, 'Ldidvp12m26NI7eqEvxnEpkd9Hc=', { json: Buffer.from('{}') }],
    ['the hash as the only parameter', `https://mycompany.com/myapp.php?bodySHA256=${hash}`, 'y77kIzt2vzLz71DgmJGsen2scGs=', json],
  ])('%s verifies', (_, given, signature, content) => {
    expect(verifySignature({ tokens, url: given, signature, content })).toBe(true);
  });

  it.each([
    ['a wrong signature', url, 'WRONG_SIGNATURE', form(call)],
    ['no signature', url, '', form(call)],
    ['JSON without its hash in the URL', url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', json],
    ['the form where JSON was signed', `${url}&bodySHA256=${hash}`, 'a9nBmqA0ju/hNViExpshrM61xv4=', form(call)],
    ['JSON with a hash that is none', `${url}&bodySHA256=WRONG_HASH`, 'a9nBmqA0ju/hNViExpshrM61xv4=', json],
    ['JSON with a wrong hash', `${url}&bodySHA256=${hash.slice(0, -1)}`, 'a9nBmqA0ju/hNViExpshrM61xv4=', json],
    ['a URL with one parameter more', `${url}&somethingUnexpected=true`, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', form(call)],
  ])('%s is refused', (_, given, signature, content) => {
    expect(verifySignature({ tokens, url: given, signature, content })).toBe(false);
  });
});

describe('a URL that may be written in several ways', () => {
  const token = 'fx_token';
  const parameters = { From: '+14158675309', Body: 'hola' };
  const part = fc.string({
    unit: fc.constantFrom('a', 'Z', '1', '%20', '%27', "'", '+', '~', '!', '(', '%C3%B1', 'ñ', '%', '=', '*', '"', '[', '|'),
  });
  const pair = fc.tuple(part, part).map(([name, value]) => `${name}=${value}`);
  const url = fc
    .record({
      scheme: fc.constantFrom('https', 'http', 'HTTPS'),
      user: fc.constantFrom('', 'me@', 'me:s@', 'me:s@x@'),
      host: fc.constantFrom('hub.example', 'Hub.Example', '[::1]', '10.0.0.5'),
      port: fc.constantFrom('', ':443', ':80', ':8443'),
      path: fc.constantFrom('', '/', '/a/b', "/a'b", '/a//b/', '/a%2fb'),
      query: fc.option(fc.array(pair, { maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`)),
    })
    .map(({ scheme, user, host, port, path, query }) => `${scheme}://${user}${host}${port}${path}${query ?? ''}`)
    .filter((text) => URL.canParse(text));
  const rewrite = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.replace(/:(443|80|8443)(?=[/?]|$)/, ''),
    (text) => text.replace(/^(https?:\/\/[^/?:]+)(?=[/?]|$)/i, '$1:443'),
    (text) => new URL(text).toString(),
    (text) => text.replaceAll("'", '%27'),
    (text) => text.replaceAll('%20', '+'),
    (text) => text.replaceAll('%27', "'"),
    (text) => text.toLowerCase(),
    (text) => `${text}/`,
  );

  it('verifies exactly where the official validator says so', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(url, rewrite, rewrite, (given, first, second) => {
        const signature = getExpectedTwilioSignature(token, second(first(given)), parameters);
        const verified = verifySignature({ tokens: [token], url: given, signature, content: form(parameters) });
        expect(verified).toBe(validateRequest(token, signature, given, parameters));
        seen.add(verified);
      }),
      { numRuns: 1_000 },
    );
    expect(seen.size).toBe(2);
  });
});

describe('what the official package signs', () => {
  const url = 'https://centralita.example/prefix/api/webhooks/sms/twilio?tenant=a%20b';
  const token = 'fx_token';
  const name = fc.oneof(fc.constantFrom('__proto__', 'a[]', 'From', 'constructor', '0', '10'), fc.string({ unit: 'grapheme' }));
  const given = fc.dictionary(name, fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.string(), { minLength: 1 })), {
    noNullPrototype: false,
  });

  function encode(parameters: Record<string, string | string[]>): Buffer {
    const pairs = Object.entries(parameters).flatMap(([key, value]) => [value].flat().map((one): [string, string] => [key, one]));
    return Buffer.from(new URLSearchParams(pairs).toString());
  }

  it('verifies, whatever its parameters; with one byte changed, it does not', () => {
    fc.assert(
      fc.property(given, fc.nat(), fc.nat(), (parameters, at, letter) => {
        const signature = getExpectedTwilioSignature(token, url, parameters);
        const content = { form: parseForm(encode(parameters)) };
        expect(verifySignature({ tokens: ['another', token], url, signature, content })).toBe(true);
        expect(verifySignature({ tokens: ['another'], url, signature, content })).toBe(false);
        expect(verifySignature({ tokens: [token], url, signature: changed(signature, at, letter), content })).toBe(false);
        expect(verifySignature({ tokens: [token], url: changed(url, 28 + (at % 20), letter), signature, content })).toBe(false);
        const more = form({ ...Object.fromEntries(content.form as Map<string, string[]>), Injected: 'x' });
        expect(verifySignature({ tokens: [token], url, signature, content: more })).toBe(false);
      }),
    );
  });

  it('verifies with 5,000 parameters', () => {
    const parameters = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, `${i}`]));
    const signature = getExpectedTwilioSignature(token, url, parameters);
    expect(verifySignature({ tokens: [token], url, signature, content: { form: parseForm(encode(parameters)) } })).toBe(true);
  });

  it('no token verifies nothing, and any header is survived', () => {
    const signature = getExpectedTwilioSignature(token, url, {});
    expect(verifySignature({ tokens: [], url, signature, content: form({}) })).toBe(false);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        expect(verifySignature({ tokens: [token], url, signature: header, content: form({}) })).toBe(header === signature);
      }),
    );
  });

  function changed(text: string, position: number, letter: number): string {
    const at = position % text.length;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.replace(text[at]!.toUpperCase(), '');
    return text.slice(0, at) + letters[letter % letters.length]! + text.slice(at + 1);
  }
});
