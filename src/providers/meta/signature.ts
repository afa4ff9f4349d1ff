import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether Meta signed these bytes: `X-Hub-Signature-256` is `sha256=` and the HMAC-SHA256 of the raw body by the app secret, in hex.
 * Compared as text, in small letters as Meta writes it: no second spelling verifies. Constant time; never throws.
 * Source: Meta, Webhooks, Validate payloads. The older SHA-1 header vouches for nothing.
 */
export function verifySignature(appSecret: string, body: Buffer, signature: string): boolean {
  return isEqual(signature, `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`);
}

/** The length is checked first, because timingSafeEqual throws on another; that of a signature is no secret. */
function isEqual(claimed: string, expected: string): boolean {
  const [a, b] = [Buffer.from(claimed), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
