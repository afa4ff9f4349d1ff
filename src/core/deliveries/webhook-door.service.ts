import { Injectable, NotFoundException } from '@nestjs/common';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type Channel, type Provider } from '../adapters/channel.js';

/** What a GET on a webhook's path says: nothing secret. */
export interface WebhookDoor {
  readonly channel: Channel;
  readonly provider: Provider;
  readonly configured: boolean;
}

@Injectable()
export class WebhookDoorService {
  constructor(private readonly adapters: AdapterRegistry) {}

  /** Throws 404 for a provider that does not carry the channel. */
  describe(channel: Channel, provider: string): WebhookDoor {
    const adapter = this.adapters.find(channel, provider.toUpperCase() as Provider);
    if (!adapter) throw new NotFoundException('No such provider on this channel.');
    return { channel, provider: adapter.provider, configured: adapter.missing.length === 0 };
  }
}
