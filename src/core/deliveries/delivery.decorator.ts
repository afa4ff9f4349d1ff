import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  Post,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Channel } from '../adapters/channel.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { WebhookGuard } from './webhook.guard.js';
import { WEBHOOK_CHANNEL } from './webhook-channel.js';
import { WebhookReplyInterceptor } from './webhook-reply.service.js';

/** A request that the guard let in. */
export type WebhookRequest = FastifyRequest<{ Params: { provider: string } }> & { delivery?: VerifiedDelivery };

/** Routes a channel's webhooks (`POST :provider`) to a method, through the guard that verifies them: there is no other way in. */
export function VerifyWebhook(channel: Channel): MethodDecorator {
  return applyDecorators(
    Post(':provider'),
    SetMetadata(WEBHOOK_CHANNEL, channel),
    UseGuards(WebhookGuard),
    UseInterceptors(WebhookReplyInterceptor),
  );
}

/** The delivery that was verified. */
export const Delivery = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedDelivery => {
  const { delivery } = context.switchToHttp().getRequest<WebhookRequest>();
  if (!delivery) throw new Error('@Delivery() stands only below @VerifyWebhook()');
  return delivery;
});
