import { type CanActivate, type ExecutionContext, HttpException, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type FastifyReply } from 'fastify';
import { RateLimit } from '../../platform/http/rate-limit.js';
import { Log, type LogFields } from '../../platform/logging/log.service.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type ChannelAdapter, type Verdict } from '../adapters/channel-adapter.js';
import { Provider, type Channel } from '../adapters/channel.js';
import { type RawDelivery, type VerifiedDelivery } from '../adapters/delivery.js';
import { type WebhookRequest } from './webhook-request.js';
import { RejectionsService } from './rejections.service.js';
import { REFUSAL_HINT, type RefusalHint } from './refusal-hint.js';
import { REFUSED_LIMIT } from './refused-limit.js';
import { WEBHOOK_CHANNEL } from './webhook-channel.js';
import { WEBHOOK_DOOR, type WebhookDoorOptions } from './webhook-door.js';

/**
 * Lets in what its provider signed. 404 the provider is unknown or off · 415 encoded · 403 not verified · 429 refused too often · 503 the
 * account's secrets cannot be looked up, and instead of 404 and 429 at a door whose providers drop what gets a 4xx.
 * Alone it makes a VerifiedDelivery.
 */
@Injectable()
export class WebhookGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly adapters: AdapterRegistry,
    private readonly rejections: RejectionsService,
    @Inject(REFUSED_LIMIT) private readonly limit: RateLimit,
    @Inject(REFUSAL_HINT) private readonly hint: RefusalHint,
    private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WebhookRequest>();
    const channel = this.reflector.get<Channel>(WEBHOOK_CHANNEL, context.getHandler());
    const door = this.reflector.get<WebhookDoorOptions | undefined>(WEBHOOK_DOOR, context.getHandler());
    const adapter = this.adapters.find(channel, request.params.provider.toUpperCase() as Provider);
    const missing = door ? adapter?.doors?.[door.name] : adapter?.missing;
    if (!adapter || !missing || missing.length)
      throw new HttpException(
        missing ? `Not configured: set ${missing.join(' and ')}.` : 'No such provider on this channel.',
        door?.dropsAt4xx ? 503 : 404,
      );
    const delivery = rawDelivery(request, adapter);
    const said = verify(adapter, delivery);
    const verdict = said instanceof Promise ? await said : said;
    if (!verdict.verified)
      throw await this.refuse(request, context.switchToHttp().getResponse<FastifyReply>(), delivery, verdict, door?.dropsAt4xx ? 503 : 429);
    this.log.debug(`webhook:${channel.toLowerCase()}`, 'webhook.verified', () => describe(delivery));
    const { accountId, servesOnly, url = delivery.url } = verdict;
    request.delivery = { ...delivery, url, accountId, servesOnly } as VerifiedDelivery;
    return true;
  }

  private async refuse(
    request: WebhookRequest,
    reply: FastifyReply,
    delivery: RawDelivery,
    verdict: Extract<Verdict, { verified: false }>,
    refusedTooOften: number,
  ): Promise<HttpException> {
    const { channel, provider } = delivery;
    const wait = this.limit.take(request.ip);
    if (wait !== undefined) {
      reply.header('retry-after', String(wait));
      return new HttpException(`Refused too often: wait ${wait} s.`, refusedTooOften);
    }
    this.log.info('delivery.rejected', { deliveryId: delivery.id, channel, provider, reason: verdict.reason });
    this.log.debug(`webhook:${channel.toLowerCase()}`, 'webhook.refused', () => describe(delivery));
    await this.rejections.keep(delivery, verdict.reason);
    return new HttpException(verdict.status === 403 ? verdict.reason + this.hint(delivery) : verdict.reason, verdict.status);
  }
}

function verify(adapter: ChannelAdapter, delivery: RawDelivery): Verdict | Promise<Verdict> {
  // No provider compresses, and what is verified must be the bytes that came.
  if (delivery.headers['content-encoding'])
    return { verified: false, status: 415, reason: 'A webhook must come without Content-Encoding.' };
  return adapter.verify(delivery);
}

/** The request's id is the delivery's: what the log says of the one is found by the other. */
function rawDelivery(request: WebhookRequest, { channel, provider }: ChannelAdapter): RawDelivery {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { id: request.id, channel, provider, url: request.url, headers: headersOf(request), body, receivedAt: new Date(), reading: {} };
}

/** Node lets no U+0000 into a header, so PostgreSQL stores them all. A credential that a proxy adds is not a provider's, and is not kept. */
function headersOf(request: WebhookRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name === 'authorization' || name === 'cookie') continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** What may be told of a request where somebody asked for detail: no body and no signature. */
function describe({ id, url, headers, body }: RawDelivery): LogFields {
  return {
    deliveryId: id,
    path: url.split('?', 1)[0],
    contentType: headers['content-type'],
    sizeBytes: body.length,
    headers: Object.keys(headers),
  };
}
