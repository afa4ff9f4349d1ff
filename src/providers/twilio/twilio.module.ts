import { Module, type OnModuleInit } from '@nestjs/common';
import { AdapterRegistry } from '../../core/adapters/adapter-registry.service.js';
import { Channel } from '../../core/adapters/channel.js';
import { provideConfig } from '../../platform/config/config.module.js';
import { TwilioCallAdapter } from './twilio-call.adapter.js';
import { TwilioMessageAdapter } from './twilio-message.adapter.js';
import { TwilioVerifier } from './twilio-verifier.service.js';
import { TwilioConfig } from './twilio.config.js';

/**
 * Twilio: how it signs, what its webhooks say, and what that is in our words. One adapter a channel; today voice, SMS and WhatsApp.
 * Owns no table. Imports `core/adapters` and `platform`, no channel and no other provider.
 * Always: what it did not sign is refused; without its account and token it is off; a word it never told us of is never guessed.
 */
@Module({ providers: [provideConfig(TwilioConfig), TwilioVerifier] })
export class TwilioModule implements OnModuleInit {
  constructor(
    private readonly registry: AdapterRegistry,
    private readonly verifier: TwilioVerifier,
    private readonly config: TwilioConfig,
  ) {}

  onModuleInit(): void {
    this.registry.register(new TwilioCallAdapter(this.verifier, this.config));
    for (const channel of [Channel.SMS, Channel.WHATSAPP])
      this.registry.register(new TwilioMessageAdapter(channel, this.verifier, this.config));
  }
}
