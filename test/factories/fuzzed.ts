import { createHash, createHmac } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { bodyOf, type FixtureCase } from '../fixtures/read-cases.js';
import { readSigningKey, signatureHeaders } from './sendgrid.js';
import { type Request } from './twilio.js';

/** A small generator of its own seed, so that a failure can be made again. */
export type Random = (below: number) => number;
export function randomOf(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const INTERESTING = [
  Buffer.from([0]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('\\ud800'),
  Buffer.from('%00%ff%'),
  Buffer.from('{"__proto__":{"a":1}}'),
  Buffer.from('[[[['),
  Buffer.from('99999999999999999999'),
  Buffer.from('"'),
  Buffer.from('\r\n--'),
  Buffer.from('null'),
];

/** The bytes with a few of them changed, cut out, doubled, or something odd put in. */
export function mutateBytes(body: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(body);
  for (let i = 0, times = 1 + random(4); i < times; i++) {
    const at = random(bytes.length + 1);
    const odd = INTERESTING[random(INTERESTING.length)]!;
    const length = random(Math.min(64, bytes.length - at + 1));
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    const kind = random(5);
    if (kind === 0 && at < bytes.length) bytes[at] = random(256);
    else if (kind === 1) bytes = Buffer.concat([head, tail.subarray(length)]);
    else if (kind === 2) bytes = Buffer.concat([head, odd, tail]);
    else if (kind === 3) bytes = Buffer.concat([head, tail.subarray(0, length), tail]);
    else bytes = Buffer.from(head);
  }
  return bytes;
}

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  ' ',
  '\0',
  '\ud800',
  [],
  {},
  [[]],
  'a'.repeat(5_000),
  '+',
  '-1',
  '1795510200000000',
];

/** The same JSON with one value somewhere in it replaced, taken away, or put a level deeper. */
export function mutateJson(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random(6) === 0) {
    const kind = random(8);
    return kind === 0 ? [value] : kind === 1 ? { [String(value)]: value } : ODD_VALUES[random(ODD_VALUES.length)];
  }
  const keys = Object.keys(value);
  if (!keys.length) return ODD_VALUES[random(ODD_VALUES.length)];
  const key = keys[random(keys.length)]!;
  if (Array.isArray(value)) return value.map((member: unknown, i) => (String(i) === key ? mutateJson(member, random) : member));
  const entries = Object.entries(value);
  if (random(8) === 0) return Object.fromEntries(entries.filter(([name]) => name !== key));
  return Object.fromEntries(entries.map(([name, member]) => [name, name === key ? mutateJson(member, random) : member]));
}

/** A case with other bytes: as it was signed, or signed anew where `sign` says so and its provider's way covers any bytes. */
export function fuzzed(fixture: FixtureCase, random: Random): Request {
  const isJson = (fixture.contentType ?? '').includes('json');
  const body = isJson && random(2) === 0 ? jsonOf(fixture, random) : mutateBytes(bodyOf(fixture), random);
  const request = { method: fixture.method, path: fixture.path!, headers: { ...fixture.headers }, body };
  return random(4) === 0 ? request : signedAnew(fixture, request);
}

function jsonOf(fixture: FixtureCase, random: Random): Buffer {
  try {
    return Buffer.from(JSON.stringify(mutateJson(JSON.parse(bodyOf(fixture).toString('utf8')), random)) ?? 'undefined');
  } catch {
    return mutateBytes(bodyOf(fixture), random);
  }
}

function signedAnew({ secret, publicUrl, provider }: FixtureCase, request: Request & { body: Buffer }): Request {
  const { body, headers } = request;
  if (provider === 'META')
    return {
      ...request,
      headers: { ...headers, 'x-hub-signature-256': `sha256=${createHmac('sha256', secret.appSecret!).update(body).digest('hex')}` },
    };
  if (provider === 'SENDGRID')
    return secret.signingPrivateKeyPkcs8
      ? { ...request, headers: { ...headers, ...signatureHeaders(readSigningKey(secret.signingPrivateKeyPkcs8), body) } }
      : request;
  if (headers['content-type']?.includes('json')) {
    const path = `${request.path.split('?', 1)[0]}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    return {
      ...request,
      path,
      headers: { ...headers, 'x-twilio-signature': getExpectedTwilioSignature(secret.authToken!, publicUrl + path, {}) },
    };
  }
  const parameters: Record<string, string | string[]> = {};
  for (const name of new Set(new URLSearchParams(body.toString('latin1')).keys()))
    Object.defineProperty(parameters, name, { value: new URLSearchParams(body.toString('utf8')).getAll(name), enumerable: true });
  return {
    ...request,
    headers: { ...headers, 'x-twilio-signature': getExpectedTwilioSignature(secret.authToken!, publicUrl + request.path, parameters) },
  };
}
