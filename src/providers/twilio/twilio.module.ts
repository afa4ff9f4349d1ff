import { Module, type OnModuleInit } from '@nestjs/common';
import { AdapterRegistry } from '../../core/adapters/adapter-registry.service.js';
import { Channel } from '../../core/adapters/channel.js';
import { provideConfig } from '../../platform/config/config.module.js';
import { CALLS } from './call-answer.js';
import { EMAIL_EVENTS } from './email-events.js';
import { MESSAGES } from './message-answer.js';
import { TwilioVerifier } from './twilio-verifier.service.js';
import { TwilioAdapter, type TwilioRequests } from './twilio.adapter.js';
import { TwilioConfig } from './twilio.config.js';

/** What Twilio says on each channel it carries. */
const REQUESTS: readonly (readonly [Channel, TwilioRequests])[] = [
  [Channel.VOICE, CALLS],
  [Channel.SMS, MESSAGES],
  [Channel.WHATSAPP, MESSAGES],
  [Channel.EMAIL, EMAIL_EVENTS],
];

/**
 * Twilio: how it signs, what its webhooks say, and what that is in our words. One adapter a channel.
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
    for (const [channel, requests] of REQUESTS) this.registry.register(new TwilioAdapter(channel, requests, this.verifier, this.config));
  }
}
