import { Channel, Provider } from '../../core/adapters/channel.js';
import {
  type ChallengeAnswer,
  type ChannelAdapter,
  type ErrorExplanation,
  type MediaRequest,
  type NormalizedDelivery,
  type Verdict,
  type WebhookReply,
} from '../../core/adapters/channel-adapter.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type OutboundChannel } from '../../core/adapters/outbound.js';
import { answerChallenge } from './challenge.js';
import { type GraphMedia } from './graph-media.service.js';
import { META_ACCOUNT } from './meta-account.js';
import { explainMetaError } from './meta-errors.js';
import { type MetaConfig } from './meta.config.js';
import { normalizeNotification } from './normalize-notification.js';
import { verifySignature } from './signature.js';

const NO_SIGNATURE = 'The header X-Hub-Signature-256 is missing: only requests that Meta signed are accepted.';
const NOT_SIGNED =
  'X-Hub-Signature-256 does not hold. Check that WHATSAPP_APP_SECRET is the app secret of the Meta app whose webhook this is.';

/** How Meta carries WhatsApp: its Cloud API, without anybody in between. */
export class MetaAdapter implements ChannelAdapter {
  readonly channel = Channel.WHATSAPP;
  readonly provider = Provider.META;
  readonly missing: readonly string[];
  readonly accountId = META_ACCOUNT;

  constructor(
    private readonly config: MetaConfig,
    private readonly files: GraphMedia,
    readonly outbound?: OutboundChannel,
  ) {
    this.missing = config.missing;
  }

  verify(delivery: RawDelivery): Verdict {
    const signature = delivery.headers['x-hub-signature-256'];
    if (!signature) return { verified: false, status: 403, reason: NO_SIGNATURE };
    const { WHATSAPP_APP_SECRET: appSecret } = this.config;
    if (appSecret === undefined || !verifySignature(appSecret, delivery.body, signature))
      return { verified: false, status: 403, reason: NOT_SIGNED };
    return { verified: true, accountId: META_ACCOUNT };
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery {
    const payload = parse(delivery.body);
    if (payload === undefined) return { drafts: [], problems: [{ index: 0, message: 'The body is not JSON.' }] };
    return normalizeNotification(payload);
  }

  reply(): WebhookReply {
    return { status: 200 };
  }

  challenge(query: URLSearchParams): ChallengeAnswer | undefined {
    return answerChallenge(query, this.config.WHATSAPP_VERIFY_TOKEN);
  }

  media(sourceUrl: string): Promise<MediaRequest> {
    return this.files.locate(sourceUrl);
  }

  explain(code: string): ErrorExplanation | undefined {
    return explainMetaError(code);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
