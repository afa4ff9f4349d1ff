import { Injectable } from '@nestjs/common';
import { type Channel, type Provider } from './channel.js';
import { type ChannelAdapter } from './channel-adapter.js';

/** The adapters of this process. Providers register at module start; nobody is registered twice. */
@Injectable()
export class AdapterRegistry {
  private readonly adapters = new Map<string, ChannelAdapter>();

  register(adapter: ChannelAdapter): void {
    const key = `${adapter.channel}/${adapter.provider}`;
    if (this.adapters.has(key)) throw new Error(`Two adapters for ${key}`);
    this.adapters.set(key, adapter);
  }

  /** The adapter of a pair, configured or not; undefined where nobody carries that channel by that provider. */
  find(channel: Channel, provider: Provider): ChannelAdapter | undefined {
    return this.adapters.get(`${channel}/${provider}`);
  }

  all(): readonly ChannelAdapter[] {
    return [...this.adapters.values()];
  }

  /** The environment's account at a provider; undefined where it names none. */
  defaultAccountOf(provider: Provider): string | undefined {
    for (const adapter of this.adapters.values()) if (adapter.provider === provider && adapter.accountId) return adapter.accountId;
    return undefined;
  }
}
