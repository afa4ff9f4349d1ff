import pLimit from 'p-limit';
import { type ActivityStatus } from '../../core/adapters/activity-status.js';
import { Channel, Provider } from '../../core/adapters/channel.js';
import { type ChannelAdapter, type NormalizedDelivery, type Verdict, type WebhookReply } from '../../core/adapters/channel-adapter.js';
import { type ErrorExplanation } from '../../core/adapters/error-explanation.js';
import { type RawDelivery, type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { type OutboundChannel } from '../../core/adapters/outbound.js';
import { explainDeliveryError } from './delivery-errors.js';
import { normalizeEvents } from './normalize-events.js';
import { fileInMail, normalizeInbound } from './normalize-inbound.js';
import { SENDGRID_ACCOUNT } from './sendgrid-account.js';
import { type SendGridVerifier } from './sendgrid-verifier.service.js';
import { type SendGridConfig } from './sendgrid.config.js';
import { isInbound } from './verify-delivery.js';

/** One of short lines takes thirty times its size to read. */
const LARGE_BYTES = 4 << 20;

/** How SendGrid carries email: what becomes of mails that were sent comes to its own door, mails that come in to the door `inbound`. */
export class SendGridAdapter implements ChannelAdapter {
  readonly channel = Channel.EMAIL;
  readonly provider = Provider.SENDGRID;
  readonly missing: readonly string[];
  readonly doors: ChannelAdapter['doors'];
  readonly accountId = SENDGRID_ACCOUNT;

  /** Large mails are read one after the other. */
  private readonly largeInTurn = pLimit(1);

  constructor(
    config: SendGridConfig,
    private readonly verifier: SendGridVerifier,
    readonly outbound?: OutboundChannel,
  ) {
    this.missing = config.missing;
    this.doors = { inbound: config.missingForInbound };
  }

  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    return this.verifier.verify(delivery);
  }

  normalize(delivery: VerifiedDelivery): NormalizedDelivery | Promise<NormalizedDelivery> {
    return isInbound(delivery) ? this.inTurn(delivery, () => normalizeInbound(delivery)) : normalizeEvents(delivery.body);
  }

  reply(): WebhookReply {
    return { status: 204 };
  }

  fileIn(delivery: VerifiedDelivery, key: string): Promise<Buffer | undefined> {
    return this.inTurn(delivery, () => fileInMail(delivery, key));
  }

  explain(code: string, status: ActivityStatus | null): ErrorExplanation | undefined {
    return explainDeliveryError(code, status);
  }

  private inTurn<T>({ body }: VerifiedDelivery, read: () => Promise<T>): Promise<T> {
    return body.length < LARGE_BYTES ? read() : this.largeInTurn(read);
  }
}
