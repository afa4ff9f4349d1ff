import { createPrivateKey, sign } from 'node:crypto';

/**
 * The headers by which SendGrid vouches for a body, of events and of mails alike: ECDSA on P-256 with SHA-256, over the timestamp and the
 * body. `signingKey`: base64 of PKCS #8 in DER.
 */
export function sendGridSignature(body: string, signedAt: Date, signingKey: string): Record<string, string> {
  const timestamp = String(Math.floor(signedAt.getTime() / 1000));
  const key = createPrivateKey({ key: Buffer.from(signingKey, 'base64'), format: 'der', type: 'pkcs8' });
  return {
    'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(timestamp + body), key).toString('base64'),
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
  };
}
