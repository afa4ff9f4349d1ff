import { ForbiddenException, HttpException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RateLimit } from '../../platform/http/rate-limit.js';
import { Log } from '../../platform/logging/log.service.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type ChannelAdapter } from '../adapters/channel-adapter.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { REFUSED_LIMIT } from './refused-limit.js';

/** What a GET on a webhook's path says: nothing secret. */
export interface WebhookDoor {
  readonly channel: Channel;
  readonly provider: Provider;
  readonly configured: boolean;
}

const BY_POST = 'Webhooks are taken by POST alone: set their HTTP method to POST where this address is set at the provider.';

/** What a door says to whoever only looks at it, and to a provider that comes by GET. */
@Injectable()
export class WebhookDoorService {
  constructor(
    private readonly adapters: AdapterRegistry,
    @Inject(REFUSED_LIMIT) private readonly limit: RateLimit,
    private readonly log: Log,
  ) {}

  /**
   * Of a further door, by its name. Throws 404 for a provider that does not carry the channel, or has no such door; 405 for a delivery: it is not
   * taken by GET, and would be lost if it were answered; 429 for too many of them.
   */
  describe(channel: Channel, provider: string, request: FastifyRequest, reply: FastifyReply, door?: string): WebhookDoor {
    const adapter = this.adapters.find(channel, provider.toUpperCase() as Provider);
    const missing = door === undefined ? adapter?.missing : adapter?.doors?.[door];
    if (!adapter || !missing) throw new NotFoundException('No such provider on this channel.');
    if (adapter.signatureHeader !== undefined && request.headers[adapter.signatureHeader] !== undefined)
      throw this.refuse(adapter, 'webhook.wrong_method', new HttpException(BY_POST, 405), request, reply);
    return { channel, provider: adapter.provider, configured: missing.length === 0 };
  }

  /**
   * Answers the challenge of a provider that has one, and describes the door to whoever asks nothing. Throws 404 where there is no such
   * provider, or one that is off is challenged; 403 for a challenge that does not hold, 429 for too many of them.
   */
  async answer(channel: Channel, provider: string, request: FastifyRequest, reply: FastifyReply): Promise<WebhookDoor | string> {
    const adapter = this.adapters.find(channel, provider.toUpperCase() as Provider);
    const queryAt = request.url.indexOf('?');
    // Read by ourselves: a name that comes twice, or in brackets, is nothing but text here.
    const challenged = queryAt < 0 ? undefined : await adapter?.challenge?.(new URLSearchParams(request.url.slice(queryAt)));
    if (!adapter || !challenged) return this.describe(channel, provider, request, reply);
    if (adapter.missing.length) throw new NotFoundException(`Not configured: set ${adapter.missing.join(' and ')}.`);
    if (!challenged.passed)
      throw this.refuse(adapter, 'webhook.challenge_refused', new ForbiddenException(challenged.reason), request, reply);
    this.log.info('webhook.challenge_passed', { channel, provider: adapter.provider });
    const { status, contentType = 'text/plain', body = '' } = challenged.reply;
    reply.status(status).type(contentType).header('x-content-type-options', 'nosniff');
    return body;
  }

  private refuse(
    { channel, provider }: ChannelAdapter,
    event: string,
    refusal: HttpException,
    request: FastifyRequest,
    reply: FastifyReply,
  ): HttpException {
    const wait = this.limit.take(request.ip);
    if (wait !== undefined) {
      reply.header('retry-after', String(wait));
      return new HttpException(`Refused too often: wait ${wait} s.`, 429);
    }
    if (refusal.getStatus() === 405) reply.header('allow', 'POST');
    this.log.info(event, { channel, provider, reason: refusal.message });
    return refusal;
  }
}
