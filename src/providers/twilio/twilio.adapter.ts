import { type Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChannelAdapter,
  type ErrorExplanation,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { explainTwilioError } from './twilio-errors.js';
import { type TwilioVerifier } from './twilio-verifier.service.js';
import { type TwilioConfig } from './twilio.config.js';

/** What Twilio's requests of one kind say, and want to hear. */
export interface TwilioRequests {
  normalize(delivery: VerifiedDelivery): NormalizedDelivery;
  /** TwiML; undefined where none is waited for. */
  answer(delivery: VerifiedDelivery): string | undefined;
}

/** How Twilio carries a channel: all are signed alike. */
export class TwilioAdapter implements ChannelAdapter {
  readonly provider = Provider.TWILIO;
  readonly missing: readonly string[];

  constructor(
    readonly channel: Channel,
    private readonly requests: TwilioRequests,
    private readonly verifier: TwilioVerifier,
    config: TwilioConfig,
  ) {
    this.missing = config.missing;
  }

  verify(delivery: RawDelivery): Verdict {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    return this.requests.normalize(delivery);
  }

  reply(delivery: VerifiedDelivery): WebhookReply {
    const body = this.requests.answer(delivery);
    return body === undefined ? { status: 204 } : { status: 200, contentType: 'text/xml', body };
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainTwilioError(code);
  }
}
