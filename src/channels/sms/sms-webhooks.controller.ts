import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type WebhookReply } from '../../core/adapters/channel-adapter.js';
import { Channel } from '../../core/adapters/channel.js';
import { type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { Delivery, VerifyWebhook } from '../../core/deliveries/delivery.decorator.js';
import { IngestService } from '../../core/deliveries/ingest.service.js';
import { type WebhookDoor, WebhookDoorService } from '../../core/deliveries/webhook-door.service.js';

@Controller('api/webhooks/sms')
export class SmsWebhooksController {
  constructor(
    private readonly ingest: IngestService,
    private readonly door: WebhookDoorService,
  ) {}

  /** Messages and statuses from an SMS provider.
   *  2xx stored, now or before · 403 signature refused · 404 provider unknown or off · 413 too large · 415 not readable · 429 refused too
   *  often: wait · 503 not stored: send it again */
  @VerifyWebhook(Channel.SMS)
  accept(@Delivery() delivery: VerifiedDelivery): Promise<WebhookReply> {
    return this.ingest.accept(delivery);
  }

  /** Whether the door is there and configured, for whoever pastes its address at the provider. 404 provider unknown · 405 it is a delivery · 429 refused too often */
  @Get(':provider')
  describe(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): WebhookDoor {
    return this.door.describe(Channel.SMS, provider, request, reply);
  }
}
