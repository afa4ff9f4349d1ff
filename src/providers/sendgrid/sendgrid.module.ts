import { Module, type OnModuleInit } from '@nestjs/common';
import { AdapterRegistry } from '../../core/adapters/adapter-registry.service.js';
import { provideConfig } from '../../platform/config/config.module.js';
import { MailOutbound } from './mail-outbound.service.js';
import { SendGridVerifier } from './sendgrid-verifier.service.js';
import { SendGridAdapter } from './sendgrid.adapter.js';
import { SendGridConfig } from './sendgrid.config.js';

/**
 * SendGrid: how it signs, what its Event Webhook and Inbound Parse say and what that is in our words, and how it sends.
 * Owns no table. Imports `core/adapters`, `core/organizations` (its other accounts) and `platform`, no channel and no other provider.
 * Always: what it did not sign is refused, but for a mail whose address brought our token; without a key it is off.
 */
@Module({ providers: [provideConfig(SendGridConfig), SendGridVerifier, MailOutbound] })
export class SendGridModule implements OnModuleInit {
  constructor(
    private readonly registry: AdapterRegistry,
    private readonly verifier: SendGridVerifier,
    private readonly config: SendGridConfig,
    private readonly outbound: MailOutbound,
  ) {}

  onModuleInit(): void {
    this.registry.register(new SendGridAdapter(this.config, this.verifier, this.outbound));
  }
}
