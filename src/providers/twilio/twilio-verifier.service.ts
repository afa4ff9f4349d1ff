import { Injectable } from '@nestjs/common';
import { type Verdict } from '../../core/adapters/channel-adapter.js';
import { type RawDelivery } from '../../core/adapters/delivery.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { formatOf, parametersOf } from './delivery-parameters.js';
import { type SignedContent, verifySignature } from './signature.js';
import { TwilioConfig } from './twilio.config.js';

const NO_SIGNATURE = 'The header X-Twilio-Signature is missing: only requests that Twilio signed are accepted.';
const NOT_READABLE = 'The content type must be application/x-www-form-urlencoded or application/json: Twilio sends nothing else.';
const NOT_SIGNED =
  "X-Twilio-Signature does not hold. Check that PUBLIC_URL is exactly the scheme, host and path of the webhook's address in the Twilio console, " +
  'and that TWILIO_AUTH_TOKEN is the auth token of the account that sends.';

/** Whether Twilio sent a delivery: one answer for every channel it carries. */
@Injectable()
export class TwilioVerifier {
  constructor(
    private readonly config: TwilioConfig,
    private readonly http: HttpConfig,
  ) {}

  /** The public URL is the configured one: forwarded headers are an attacker's to write. Never throws. */
  verify(delivery: RawDelivery): Verdict {
    const signature = delivery.headers['x-twilio-signature'];
    if (!signature) return { verified: false, status: 403, reason: NO_SIGNATURE };
    const content = contentOf(delivery);
    if (!content) return { verified: false, status: 415, reason: NOT_READABLE };
    const accountId = this.config.TWILIO_ACCOUNT_SID ?? '';
    // The fragment configures Twilio's retries and is not signed.
    const url = this.http.publicUrl + delivery.url.split('#', 1)[0];
    if (!verifySignature({ tokens: this.tokensOf(accountId), url, signature, content }))
      return { verified: false, status: 403, reason: NOT_SIGNED };
    return { verified: true, accountId };
  }

  /** The tokens that may have signed for an account, the primary first: while one is rotated, either. */
  private tokensOf(accountSid: string): readonly string[] {
    const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_AUTH_TOKEN_SECONDARY } = this.config;
    if (accountSid !== TWILIO_ACCOUNT_SID) return [];
    return [TWILIO_AUTH_TOKEN, TWILIO_AUTH_TOKEN_SECONDARY].filter((token) => token !== undefined);
  }
}

function contentOf(delivery: RawDelivery): SignedContent | undefined {
  const format = formatOf(delivery);
  if (format === 'json') return { json: delivery.body };
  const form = format && parametersOf(delivery);
  return form && { form };
}
