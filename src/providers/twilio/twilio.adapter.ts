import { type Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChannelAdapter,
  type MediaRequest,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type ErrorExplanation } from '../../core/adapters/error-explanation.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type OutboundChannel } from '../../core/adapters/outbound.js';
import { type ProviderList } from '../../core/adapters/provider-list.js';
import { type VoiceAnswer } from '../../core/adapters/voice-answer.js';
import { mediaRequest } from './media-request.js';
import { explainTwilioError } from './twilio-errors.js';
import { SIGNATURE_HEADER, type TwilioVerifier } from './twilio-verifier.service.js';
import { type TwilioConfig } from './twilio.config.js';

/** What Twilio's requests of one kind say, and want to hear. */
export interface TwilioRequests {
  normalize(delivery: VerifiedDelivery): NormalizedDelivery;
  /** TwiML; undefined where none is waited for. `url`: where the request came, as Twilio has it, without its query. */
  answer(delivery: VerifiedDelivery, url: string, voice?: VoiceAnswer): string | undefined;
  /** As the adapter's. */
  answeredBy?(delivery: VerifiedDelivery): string | undefined;
}

/** How Twilio carries a channel: all are signed alike. */
export class TwilioAdapter implements ChannelAdapter {
  readonly provider = Provider.TWILIO;
  readonly signatureHeader = SIGNATURE_HEADER;
  readonly missing: readonly string[];
  readonly accountId?: string;

  constructor(
    readonly channel: Channel,
    private readonly requests: TwilioRequests,
    private readonly verifier: TwilioVerifier,
    private readonly config: TwilioConfig,
    readonly outbound?: OutboundChannel,
    readonly list?: ProviderList,
  ) {
    this.missing = config.missing;
    if (config.TWILIO_ACCOUNT_SID !== undefined) this.accountId = config.TWILIO_ACCOUNT_SID;
  }

  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    return this.requests.normalize(delivery);
  }

  answeredBy(delivery: VerifiedDelivery): string | undefined {
    return this.requests.answeredBy?.(delivery);
  }

  reply(delivery: VerifiedDelivery, voice?: VoiceAnswer): WebhookReply {
    const body = this.requests.answer(delivery, this.verifier.addressOf(delivery).split('?', 1)[0]!, voice);
    return body === undefined ? { status: 204 } : { status: 200, contentType: 'text/xml', body };
  }

  async media(sourceUrl: string, accountId: string): Promise<MediaRequest> {
    const authToken = await this.verifier.tokenOf(accountId);
    if (authToken === undefined) throw new Error('the account that sent it is not configured any more');
    return mediaRequest(sourceUrl, { accountSid: accountId, authToken, baseUrl: this.config.TWILIO_BASE_URL });
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainTwilioError(code);
  }
}
