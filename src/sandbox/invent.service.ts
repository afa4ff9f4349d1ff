import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { digitOf } from './sample-files.js';

/** An id as Twilio makes them. */
export const sid = (prefix: string): string => prefix + randomBytes(16).toString('hex');

/** The id of a file at Twilio. What it ends in says what the stand-in serves for it. */
export function mediaSid(contentType: string): string {
  return sid('ME').slice(0, -1) + digitOf(contentType);
}

/** What Twilio gives a request, and repeats with its retries. */
export const idempotencyToken = (): string => randomUUID();

/** A message's id at Meta. */
export const wamid = (): string => `wamid.${randomBytes(27).toString('base64')}`;

/** The id of a file, or of anything else that Meta numbers. */
export const metaId = (): string => `${randomInt(1, 10)}${Array.from({ length: 15 }, () => randomInt(10)).join('')}`;

/** What Meta's support asks for. */
export const fbtraceId = (): string => `A${randomBytes(16).toString('base64url')}`;

/** `X-Message-Id`. */
export const messageIdOfRequest = (): string => randomBytes(16).toString('base64url');

/** The part of an `sg_message_id` that the request does not say. */
export const messageIdEnding = (nth: number): string =>
  `.recvd-${randomBytes(5).toString('hex')}-${randomBytes(3).toString('hex').slice(0, 5)}-1-${randomBytes(4).toString('hex').toUpperCase()}-${nth}.0`;

export const eventId = (): string => randomBytes(29).toString('base64url');

/** A mail's own, of one who writes from `domain`. */
export const mailMessageId = (domain: string): string => `<${randomUUID()}@${domain}>`;

export const formBoundary = (): string => `xYzZY${randomBytes(8).toString('hex')}`;

/** A random whole number from 0 to `below` - 1. */
export const anyBelow = (below: number): number => randomInt(below);
