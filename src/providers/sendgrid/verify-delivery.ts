import { type KeyObject } from 'node:crypto';
import { type Verdict } from '../../core/adapters/channel-adapter.js';
import { type RawDelivery } from '../../core/adapters/delivery.js';
import { hasToken, namesToken, withoutToken } from './inbound-token.js';
import { SENDGRID_ACCOUNT } from './sendgrid-account.js';
import { isFresh, verifySignature } from './signature.js';

const NO_SIGNATURE =
  'The headers X-Twilio-Email-Event-Webhook-Signature and -Timestamp are missing: turn on the signed Event Webhook in SendGrid.';
const INBOUND_NOT_SIGNED =
  'The headers X-Twilio-Email-Event-Webhook-Signature and -Timestamp are missing: attach a security policy that signs to the Inbound Parse ' +
  'setting, or set SENDGRID_INBOUND_TOKEN here and end the address pasted there in ?token= and its value.';
const WRONG_TOKEN =
  'The token of the address is not SENDGRID_INBOUND_TOKEN: the address pasted in the Inbound Parse setting must end in ?token= and its value, ' +
  'escaped as a URL wants it.';
const NOT_SIGNED =
  'X-Twilio-Email-Event-Webhook-Signature does not hold: check that SENDGRID_WEBHOOK_KEY, or webhookKey of the provider account, has the ' +
  'verification key of this very webhook, and that nothing on the way changes the body.';
const TOO_OLD =
  'The signature holds, but by its timestamp (seconds since 1970) it was made over four days ago: a copy, or the clock of this machine is wrong.';

/** What tells SendGrid from others. */
export interface Secrets {
  readonly keys: readonly KeyObject[];
  /** Lets in a mail that is not signed; undefined: nothing does. */
  readonly inboundToken: string | undefined;
}

/** Whether SendGrid sent a delivery. What a `token` vouches for is a mail alone, and no `token` is kept. Never throws. */
export function verifyDelivery(delivery: RawDelivery, { keys, inboundToken }: Secrets): Verdict {
  const url = isInbound(delivery) ? withoutToken(delivery.url) : delivery.url;
  const verified: Verdict = { verified: true, accountId: SENDGRID_ACCOUNT, url };
  const signed = signatureOf(delivery);
  if (signed && verifySignature({ keys, ...signed, body: delivery.body }))
    return isFresh(signed.timestamp, delivery.receivedAt) ? verified : { verified: false, status: 403, reason: TOO_OLD };
  if (isInbound(delivery) && inboundToken !== undefined && hasToken(delivery.url, inboundToken)) return verified;
  return { verified: false, status: 403, reason: signed ? NOT_SIGNED : unsignedReason(delivery, inboundToken) };
}

function unsignedReason(delivery: RawDelivery, inboundToken: string | undefined): string {
  if (!isInbound(delivery)) return NO_SIGNATURE;
  return inboundToken !== undefined && namesToken(delivery.url) ? WRONG_TOKEN : INBOUND_NOT_SIGNED;
}

/** What claims to vouch for a delivery; undefined where nothing does. */
export function signatureOf({ headers }: RawDelivery): { readonly signature: string; readonly timestamp: string } | undefined {
  const signature = headers['x-twilio-email-event-webhook-signature'];
  const timestamp = headers['x-twilio-email-event-webhook-timestamp'];
  return signature && timestamp ? { signature, timestamp } : undefined;
}

/** Inbound Parse has a door of its own: what comes there is a mail. */
export function isInbound({ url }: RawDelivery): boolean {
  return /\/inbound\/?$/.test(url.split('?', 1)[0]!);
}
