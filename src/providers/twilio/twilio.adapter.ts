import { type Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChannelAdapter,
  type ErrorExplanation,
  type MediaRequest,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { parametersOf } from './delivery-parameters.js';
import { type WebhookParameters } from './form.js';
import { mediaRequest } from './media-request.js';
import { oneItem } from './one-item.js';
import { explainTwilioError } from './twilio-errors.js';
import { type TwilioVerifier } from './twilio-verifier.service.js';
import { type TwilioConfig } from './twilio.config.js';

/** What Twilio's requests of one kind say, and want to hear. */
export interface TwilioRequests {
  normalize(parameters: WebhookParameters): NormalizedDelivery;
  /** TwiML; undefined where none is waited for. `path`: where the request came. */
  answer(parameters: WebhookParameters, path: string): string | undefined;
}

/** How Twilio carries a channel: all are signed alike, and told by form parameters. */
export class TwilioAdapter implements ChannelAdapter {
  readonly provider = Provider.TWILIO;
  readonly missing: readonly string[];

  constructor(
    readonly channel: Channel,
    private readonly requests: TwilioRequests,
    private readonly verifier: TwilioVerifier,
    private readonly config: TwilioConfig,
  ) {
    this.missing = config.missing;
  }

  verify(delivery: RawDelivery): Verdict {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    const parameters = parametersOf(delivery);
    return parameters ? this.requests.normalize(parameters) : oneItem('The body is not a JSON object.');
  }

  reply(delivery: VerifiedDelivery): WebhookReply {
    const parameters = parametersOf(delivery);
    const body = parameters && this.requests.answer(parameters, delivery.url.split('?', 1)[0]!);
    return body === undefined ? { status: 204 } : { status: 200, contentType: 'text/xml', body };
  }

  media(sourceUrl: string, accountId: string): Promise<MediaRequest> {
    const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_BASE_URL: baseUrl } = this.config;
    if (accountId !== TWILIO_ACCOUNT_SID || TWILIO_AUTH_TOKEN === undefined)
      return Promise.reject(new Error('the account that sent it is not configured any more'));
    return Promise.resolve(mediaRequest(sourceUrl, { accountSid: accountId, authToken: TWILIO_AUTH_TOKEN, baseUrl }));
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainTwilioError(code);
  }
}
