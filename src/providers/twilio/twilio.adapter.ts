import { type Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChannelAdapter,
  type ErrorExplanation,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type VoiceAnswer } from '../../core/adapters/voice-answer.js';
import { parametersOf } from './delivery-parameters.js';
import { type WebhookParameters } from './form.js';
import { oneItem } from './one-item.js';
import { explainTwilioError } from './twilio-errors.js';
import { type TwilioVerifier } from './twilio-verifier.service.js';
import { type TwilioConfig } from './twilio.config.js';

/** What Twilio's requests of one kind say, and want to hear. */
export interface TwilioRequests {
  normalize(parameters: WebhookParameters): NormalizedDelivery;
  /** TwiML; undefined where none is waited for. `url`: where the request came, as Twilio has it, without its query. */
  answer(parameters: WebhookParameters, url: string, voice?: VoiceAnswer): string | undefined;
  /** As the adapter's. */
  answeredBy?(parameters: WebhookParameters): string | undefined;
}

/** How Twilio carries a channel: all are signed alike, and told by form parameters. */
export class TwilioAdapter implements ChannelAdapter {
  readonly provider = Provider.TWILIO;
  readonly missing: readonly string[];
  readonly accountId?: string;

  constructor(
    readonly channel: Channel,
    private readonly requests: TwilioRequests,
    private readonly verifier: TwilioVerifier,
    config: TwilioConfig,
  ) {
    this.missing = config.missing;
    if (config.TWILIO_ACCOUNT_SID !== undefined) this.accountId = config.TWILIO_ACCOUNT_SID;
  }

  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    const parameters = parametersOf(delivery);
    return parameters ? this.requests.normalize(parameters) : oneItem('The body is not a JSON object.');
  }

  answeredBy(delivery: VerifiedDelivery): string | undefined {
    const parameters = parametersOf(delivery);
    return parameters && this.requests.answeredBy?.(parameters);
  }

  reply(delivery: VerifiedDelivery, voice?: VoiceAnswer): WebhookReply {
    const parameters = parametersOf(delivery);
    const body = parameters && this.requests.answer(parameters, this.verifier.addressOf(delivery).split('?', 1)[0]!, voice);
    return body === undefined ? { status: 204 } : { status: 200, contentType: 'text/xml', body };
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainTwilioError(code);
  }
}
