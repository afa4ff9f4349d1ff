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

  /** Of a further door, by its name. Throws 404 for a provider that does not carry the channel, or has no such door. */
  describe(channel: Channel, provider: string, door?: string): WebhookDoor {
    const adapter = this.adapters.find(channel, provider.toUpperCase() as Provider);
    const missing = door === undefined ? adapter?.missing : adapter?.doors?.[door];
    if (!adapter || !missing) throw new NotFoundException('No such provider on this channel.');
    return { channel, provider: adapter.provider, configured: missing.length === 0 };
  }
}
