import { applyDecorators, createParamDecorator, type ExecutionContext, Post, Res, SetMetadata, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { type FastifyReply } from 'fastify';
import { type WebhookReply } from '../adapters/channel-adapter.js';
import { type Channel } from '../adapters/channel.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { WebhookGuard } from './webhook.guard.js';
import { WEBHOOK_CHANNEL } from './webhook-channel.js';
import { type WebhookRequest } from './webhook-request.js';
import { WEBHOOK_DOOR, type WebhookDoorOptions } from './webhook-door.js';

type Accept = (delivery: VerifiedDelivery, response?: FastifyReply) => Promise<WebhookReply>;

/**
 * Routes a channel's webhooks (`POST :provider`, or a further door below it) to a method, through the guard that verifies them: there is
 * no other way in. The WebhookReply that the method returns becomes the HTTP answer.
 */
export function VerifyWebhook(channel: Channel, door?: WebhookDoorOptions) {
  return (target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Accept>): void => {
    const accept = descriptor.value!;
    // Here and not in an interceptor, which would send every delivery through an Observable.
    descriptor.value = async function (this: unknown, delivery: VerifiedDelivery, response?: FastifyReply) {
      const { status, contentType, body = '' } = await accept.call(this, delivery);
      response!.status(status);
      if (contentType) response!.type(contentType);
      return body as never;
    };
    Res({ passthrough: true })(target, name, 1);
    applyDecorators(
      Post(door ? `:provider/${door.name}` : ':provider'),
      SetMetadata(WEBHOOK_CHANNEL, channel),
      SetMetadata(WEBHOOK_DOOR, door),
      RouteConfig({ bodyLimitBytes: door?.bodyLimitBytes }),
      UseGuards(WebhookGuard),
    )(target, name, descriptor);
  };
}

/** The delivery that was verified. */
export const Delivery = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedDelivery => {
  const { delivery } = context.switchToHttp().getRequest<WebhookRequest>();
  if (!delivery) throw new Error('@Delivery() stands only below @VerifyWebhook()');
  return delivery;
});
