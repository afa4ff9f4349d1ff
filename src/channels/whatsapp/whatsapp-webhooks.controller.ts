import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type WebhookReply } from '../../core/adapters/channel-adapter.js';
import { Channel } from '../../core/adapters/channel.js';
import { type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { Delivery, VerifyWebhook } from '../../core/deliveries/delivery.decorator.js';
import { IngestService } from '../../core/deliveries/ingest.service.js';
import { type WebhookDoor, WebhookDoorService } from '../../core/deliveries/webhook-door.service.js';

/** Meta gathers up to 3 MB in a request. Source: Meta, WhatsApp Cloud API, Webhooks, payload size. */
const BODY_LIMIT_BYTES = 4 << 20;

@Controller('api/webhooks/whatsapp')
export class WhatsAppWebhooksController {
  constructor(
    private readonly ingest: IngestService,
    private readonly door: WebhookDoorService,
  ) {}

  /** Messages and statuses from a WhatsApp provider.
   *  2xx stored, now or before · 403 signature refused · 404 provider unknown or off · 413 too large · 415 not readable · 429 refused too
   *  often: wait · 503 not stored: send it again */
  @RouteConfig({ bodyLimitBytes: BODY_LIMIT_BYTES })
  @VerifyWebhook(Channel.WHATSAPP)
  accept(@Delivery() delivery: VerifiedDelivery): Promise<WebhookReply> {
    return this.ingest.accept(delivery);
  }

  /** Whether the door is there and configured, for whoever pastes its address at the provider; to a provider that asks before it
   *  subscribes, what it wants to hear. 403 the challenge does not hold · 404 provider unknown, or challenged while off · 405 it is a
   *  delivery · 429 refused too often: wait */
  @Get(':provider')
  answer(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookDoor | string> {
    return this.door.answer(Channel.WHATSAPP, provider, request, reply);
  }
}
