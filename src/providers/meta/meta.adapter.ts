import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChallengeAnswer,
  type ChannelAdapter,
  type MediaRequest,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type ErrorExplanation } from '../../core/adapters/error-explanation.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type OutboundChannel } from '../../core/adapters/outbound.js';
import { payloadOf } from './delivery-payload.js';
import { messageFileHashOf } from './file-hash.js';
import { type GraphMedia } from './graph-media.service.js';
import { META_ACCOUNT } from './meta-account.js';
import { explainMetaError } from './meta-errors.js';
import { type MetaVerifier } from './meta-verifier.service.js';
import { type MetaConfig } from './meta.config.js';
import { normalizeNotification } from './normalize-notification.js';

/** How Meta carries WhatsApp: its Cloud API, without anybody in between. */
export class MetaAdapter implements ChannelAdapter {
  readonly channel = Channel.WHATSAPP;
  readonly provider = Provider.META;
  readonly missing: readonly string[];
  readonly accountId = META_ACCOUNT;

  constructor(
    config: MetaConfig,
    private readonly verifier: MetaVerifier,
    private readonly files: GraphMedia,
    readonly outbound?: OutboundChannel,
  ) {
    this.missing = config.missing;
  }

  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    const payload = payloadOf(delivery);
    if (payload === undefined) return { drafts: [], problems: [{ index: 0, message: 'The body is not JSON.' }] };
    return normalizeNotification(payload);
  }

  reply(): WebhookReply {
    return { status: 200 };
  }

  challenge(query: URLSearchParams): ChallengeAnswer | undefined | Promise<ChallengeAnswer> {
    return this.verifier.challenge(query);
  }

  async media(sourceUrl: string, accountId: string, metadata: JsonObject = {}): Promise<MediaRequest> {
    return this.files.locate(sourceUrl, await this.verifier.tokenOf(accountId), messageFileHashOf(metadata));
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainMetaError(code);
  }
}
