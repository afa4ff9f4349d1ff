import { Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChannelAdapter,
  type ErrorExplanation,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { answerCall } from './call-answer.js';
import { callRequestOf } from './call-request.js';
import { parametersOf } from './delivery-parameters.js';
import { normalizeCall } from './normalize-call.js';
import { explainTwilioError } from './twilio-errors.js';
import { type TwilioVerifier } from './twilio-verifier.service.js';
import { type TwilioConfig } from './twilio.config.js';

/** How Twilio carries calls. */
export class TwilioCallAdapter implements ChannelAdapter {
  readonly channel = Channel.VOICE;
  readonly provider = Provider.TWILIO;
  readonly missing: readonly string[];

  constructor(
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
    return normalizeCall(parameters);
  }

  reply(delivery: VerifiedDelivery): WebhookReply {
    const parameters = parametersOf(delivery);
    const body = parameters && answerCall(callRequestOf(parameters), delivery.url.split('?', 1)[0]!);
    return body === undefined ? { status: 204 } : { status: 200, contentType: 'text/xml', body };
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainTwilioError(code);
  }
}
