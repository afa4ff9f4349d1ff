import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type WebhookReply } from '../../core/adapters/channel-adapter.js';
import { Channel } from '../../core/adapters/channel.js';
import { type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { Delivery, VerifyWebhook } from '../../core/deliveries/delivery.decorator.js';
import { IngestService } from '../../core/deliveries/ingest.service.js';
import { type WebhookDoor, WebhookDoorService } from '../../core/deliveries/webhook-door.service.js';

/** Where the mails themselves come in. */
const INBOUND = 'inbound';
/** SendGrid takes mails of up to 30 MB and posts them decoded, with its own fields around them. */
const LARGEST_MAIL_BYTES = 40 << 20;

@Controller('api/webhooks/email')
export class EmailWebhooksController {
  constructor(
    private readonly ingest: IngestService,
    private readonly door: WebhookDoorService,
  ) {}

  /** Events of mails that were sent.
   *  2xx stored, now or before · 403 signature refused · 404 provider unknown or off · 413 too large · 415 not readable · 429 refused too
   *  often: wait · 503 not stored: send it again */
  @VerifyWebhook(Channel.EMAIL)
  accept(@Delivery() delivery: VerifiedDelivery): Promise<WebhookReply> {
    return this.ingest.accept(delivery);
  }

  /** Mails that came in. Whoever sends them drops a mail for good at any 4xx, and repeats it after a 5xx.
   *  2xx stored, now or before · 403 or 415 forged · 413 too large · 503 not stored, provider unknown or off, or refused too often: send it
   *  again */
  @VerifyWebhook(Channel.EMAIL, { name: INBOUND, dropsAt4xx: true, bodyLimitBytes: LARGEST_MAIL_BYTES })
  acceptMail(@Delivery() delivery: VerifiedDelivery): Promise<WebhookReply> {
    return this.ingest.accept(delivery);
  }

  /** Whether the door is there and configured, for whoever pastes its address at the provider. 404 provider unknown · 405 it is a delivery · 429 refused too often */
  @Get(':provider')
  describe(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): WebhookDoor {
    return this.door.describe(Channel.EMAIL, provider, request, reply);
  }

  /** The same of the door for mails. */
  @Get(`:provider/${INBOUND}`)
  describeInbound(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): WebhookDoor {
    return this.door.describe(Channel.EMAIL, provider, request, reply, INBOUND);
  }
}
