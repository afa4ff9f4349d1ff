import { createHmac, timingSafeEqual } from 'node:crypto';

const USUAL_LIFETIME_MS = 60 * 60_000;
const STEP_MS = 10 * 60_000;

/** When a link that is made now expires: up to a step later than asked. The same link is given out for a while, so that browsers may keep the file. */
export function expiryOf(now: Date, lifetimeMs = USUAL_LIFETIME_MS): Date {
  return new Date(Math.ceil((now.getTime() + lifetimeMs) / STEP_MS) * STEP_MS);
}

/** Path and query of a link to a file, its parameters in alphabetical order. */
export function signedPath(key: Uint8Array, id: string, expiresAt: Date): string {
  const expires = String(Math.floor(expiresAt.getTime() / 1000));
  return `/media/${id}?expires=${expires}&signature=${signatureOf(key, id, expires).toString('base64url')}`;
}

/** Whether a link was made with this key and has not expired. */
export function isSigned(key: Uint8Array, id: string, query: { expires?: unknown; signature?: unknown }, now: Date): boolean {
  const { expires, signature } = query;
  if (typeof expires !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(expires)) return false;
  const [given, right] = [Buffer.from(signature, 'base64url'), signatureOf(key, id, expires)];
  return given.length === right.length && timingSafeEqual(given, right) && Number(expires) * 1000 > now.getTime();
}

function signatureOf(key: Uint8Array, id: string, expires: string): Buffer {
  return createHmac('sha256', key).update(`media\n${id}\n${expires}`).digest();
}
