import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type WebhookParameters } from './form.js';
import { signableUrls } from './signable-urls.js';

/** What a request carries, read as far as its signature needs it. */
export type SignedContent = { readonly form: WebhookParameters } | { readonly json: Buffer };

export interface SignedRequest {
  /** The auth tokens of the account, the primary first. None: nothing verifies. */
  readonly tokens: readonly string[];
  /** The public URL of the request: `PUBLIC_URL`, then path and query as received; no fragment. */
  readonly url: string;
  /** `X-Twilio-Signature` as it came. */
  readonly signature: string;
  readonly content: SignedContent;
}

/**
 * Whether Twilio signed this request: base64(HMAC-SHA1(auth token, URL + each form parameter's name and value, sorted by name)).
 * JSON is covered only by the SHA-256 of its raw body in the signed query (`bodySHA256`); without it nothing vouches for the body.
 * Costs one HMAC where the URL was signed as received with the primary token. Constant time; never throws.
 * Source: twilio 6.2.0 `lib/webhooks/webhooks.js`. Compared as text, like there: no second spelling of the base64 verifies.
 */
export function verifySignature({ tokens, url, signature, content }: SignedRequest): boolean {
  const claimed = Buffer.from(signature);
  const parameters = 'form' in content ? signedText(content.form) : '';
  const signs = (signedUrl: string) => tokens.some((token) => isEqual(claimed, sign(token, signedUrl + parameters)));
  if (!signs(url) && !signableUrls(url).some(signs)) return false;
  return 'form' in content || bodyHashHolds(url, content.json);
}

/** Names sort by code unit, capitals first; the values of a repeated name are made unique and sorted, each after the name. */
function signedText(parameters: WebhookParameters): string {
  let text = '';
  for (const name of [...parameters.keys()].sort()) {
    const values = parameters.get(name) ?? [];
    for (const value of values.length > 1 ? [...new Set(values)].sort() : values) text += name + value;
  }
  return text;
}

function sign(token: string, text: string): Buffer {
  return Buffer.from(createHmac('sha1', token).update(text).digest('base64'));
}

function bodyHashHolds(url: string, body: Buffer): boolean {
  const queryAt = url.indexOf('?');
  const claimed = queryAt < 0 ? null : new URLSearchParams(url.slice(queryAt)).get('bodySHA256');
  return claimed !== null && isEqual(Buffer.from(claimed), Buffer.from(createHash('sha256').update(body).digest('hex')));
}

/** The length is checked first, because timingSafeEqual throws on another; the expected length is no secret. */
function isEqual(claimed: Buffer, expected: Buffer): boolean {
  return claimed.length === expected.length && timingSafeEqual(claimed, expected);
}
