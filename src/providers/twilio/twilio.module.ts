import { Module, type OnModuleInit } from '@nestjs/common';
import { AdapterRegistry } from '../../core/adapters/adapter-registry.service.js';
import { Channel } from '../../core/adapters/channel.js';
import { type OutboundChannel } from '../../core/adapters/outbound.js';
import { type ProviderList } from '../../core/adapters/provider-list.js';
import { provideConfig } from '../../platform/config/config.module.js';
import { CALLS } from './call-answer.js';
import { TwilioCallList } from './call-list.service.js';
import { CallOutbound } from './call-outbound.service.js';
import { EMAIL_EVENTS } from './email-events.js';
import { MESSAGES } from './message-answer.js';
import { TwilioMessageList } from './message-list.service.js';
import { MessageOutbound } from './message-outbound.service.js';
import { TwilioClient } from './twilio-client.service.js';
import { TwilioVerifier } from './twilio-verifier.service.js';
import { TwilioAdapter, type TwilioRequests } from './twilio.adapter.js';
import { TwilioConfig } from './twilio.config.js';
import { WhatsAppOutbound } from './whatsapp-outbound.service.js';

/** What Twilio does on a channel beside telling of it. */
interface Asked {
  readonly sends: (client: TwilioClient) => OutboundChannel;
  readonly lists?: (client: TwilioClient) => ProviderList;
}

/** What Twilio says on each channel it carries, how it sends there, and where it lists what it carried. */
const CARRIED: readonly (readonly [Channel, TwilioRequests, Asked?])[] = [
  [Channel.VOICE, CALLS, { sends: (client) => new CallOutbound(client), lists: (client) => new TwilioCallList(client) }],
  [
    Channel.SMS,
    MESSAGES,
    { sends: (client) => new MessageOutbound(Channel.SMS, client), lists: (client) => new TwilioMessageList(client) },
  ],
  // The list of SMS has those of WhatsApp too.
  [Channel.WHATSAPP, MESSAGES, { sends: (client) => new WhatsAppOutbound(client) }],
  [Channel.EMAIL, EMAIL_EVENTS],
];

/**
 * Twilio: how it signs, what its webhooks say and what that is in our words, how it sends, and what it lists. One adapter a channel.
 * Owns no table. Imports `core/adapters`, `core/organizations` (its other accounts) and `platform`, no channel and no other provider.
 * Always: what it did not sign is refused; without its account and token it is off; a word it never told us of is never guessed;
 * nothing that creates something is asked of it twice.
 */
@Module({ providers: [provideConfig(TwilioConfig), TwilioVerifier, TwilioClient] })
export class TwilioModule implements OnModuleInit {
  constructor(
    private readonly registry: AdapterRegistry,
    private readonly verifier: TwilioVerifier,
    private readonly client: TwilioClient,
    private readonly config: TwilioConfig,
  ) {}

  onModuleInit(): void {
    for (const [channel, requests, asked] of CARRIED) {
      const [outbound, list] = [asked?.sends(this.client), asked?.lists?.(this.client)];
      this.registry.register(new TwilioAdapter(channel, requests, this.verifier, this.config, outbound, list));
    }
  }
}
