import { createVerify, type KeyObject } from 'node:crypto';

export interface SignedRequest {
  /** Any of them may have signed. None: nothing verifies. */
  readonly keys: readonly KeyObject[];
  /** `X-Twilio-Email-Event-Webhook-Timestamp` as it came. */
  readonly timestamp: string;
  /** `X-Twilio-Email-Event-Webhook-Signature` as it came. */
  readonly signature: string;
  /** The raw bytes; parsed and written again they are others (the line end after the array alone is signed too). */
  readonly body: Buffer;
}

/**
 * Whether SendGrid signed this request: base64 of a DER signature, ECDSA on P-256 with SHA-256, over the timestamp's bytes and then the
 * body's. The official verifier makes a string of the body first, and so refuses bytes that are not UTF-8. Never throws: what is no base64
 * or no DER does not hold.
 * Source: @sendgrid/eventwebhook 8.0.0; SendGrid docs, Getting started with the Event Webhook security features.
 */
export function verifySignature({ keys, timestamp, signature, body }: SignedRequest): boolean {
  const claimed = Buffer.from(signature, 'base64');
  return keys.some((key) => {
    try {
      return createVerify('sha256').update(timestamp).update(body).verify(key, claimed);
    } catch {
      return false;
    }
  });
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How old a signed timestamp may be. SendGrid repeats events for 24 hours and mails for 72, and does not say whether a repetition is signed
 * anew; one day more lets in a clock of ours that is wrong. What is older was recorded long ago, or is somebody's copy: to record it twice
 * would do no harm, but nobody needs it.
 */
const OLDEST_MS = 4 * DAY_MS;

/** Whether a signed timestamp (seconds since 1970) is recent enough. One that is ahead of us is nobody's copy: our clock is behind. */
export function isFresh(timestamp: string, receivedAt: Date): boolean {
  return /^\d{1,12}$/.test(timestamp) && receivedAt.getTime() - Number(timestamp) * 1000 <= OLDEST_MS;
}
