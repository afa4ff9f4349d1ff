import { type Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChannelAdapter,
  type ErrorExplanation,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { parametersOf } from './delivery-parameters.js';
import { isInboundMessage, normalizeMessage } from './normalize-message.js';
import { explainTwilioError } from './twilio-errors.js';
import { type TwilioVerifier } from './twilio-verifier.service.js';
import { type TwilioConfig } from './twilio.config.js';

/** Never text/plain: Twilio would send the answer to the person. */
const NO_ANSWER: WebhookReply = { status: 200, contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' };
const NOTED: WebhookReply = { status: 204 };

/** How Twilio carries messages: SMS and MMS, and WhatsApp's, which differ in nothing but the prefix of their addresses. */
export class TwilioMessageAdapter implements ChannelAdapter {
  readonly provider = Provider.TWILIO;
  readonly missing: readonly string[];

  constructor(
    readonly channel: Channel,
    private readonly verifier: TwilioVerifier,
    config: TwilioConfig,
  ) {
    this.missing = config.missing;
  }

  verify(delivery: RawDelivery): Verdict {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    const parameters = parametersOf(delivery);
    if (!parameters) return { drafts: [], problems: [{ index: 0, message: 'The body is not a JSON object.' }] };
    return normalizeMessage(parameters);
  }

  reply(delivery: VerifiedDelivery): WebhookReply {
    const parameters = parametersOf(delivery);
    return parameters && isInboundMessage(parameters) ? NO_ANSWER : NOTED;
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainTwilioError(code);
  }
}
