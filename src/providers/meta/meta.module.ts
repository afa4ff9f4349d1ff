import { Module, type OnModuleInit } from '@nestjs/common';
import { AdapterRegistry } from '../../core/adapters/adapter-registry.service.js';
import { provideConfig } from '../../platform/config/config.module.js';
import { GraphClient } from './graph-client.service.js';
import { GraphMedia } from './graph-media.service.js';
import { GraphTemplates } from './graph-templates.service.js';
import { MessageOutbound } from './message-outbound.service.js';
import { MetaVerifier } from './meta-verifier.service.js';
import { MetaAdapter } from './meta.adapter.js';
import { MetaConfig } from './meta.config.js';

/**
 * Meta: WhatsApp by its Cloud API, how it signs, what its webhooks say and what that is in our words, and how it sends.
 * Owns no table. Imports `core/adapters`, `core/organizations` (its other accounts) and `platform`, no channel and no other provider.
 * Always: what it did not sign is refused; without its app secret and verify token it is off; a type of message we never heard of is kept
 * and shown; a status we never heard of is never guessed.
 */
@Module({ providers: [provideConfig(MetaConfig), GraphMedia, MetaVerifier, GraphClient, GraphTemplates, MessageOutbound] })
export class MetaModule implements OnModuleInit {
  constructor(
    private readonly registry: AdapterRegistry,
    private readonly config: MetaConfig,
    private readonly verifier: MetaVerifier,
    private readonly files: GraphMedia,
    private readonly outbound: MessageOutbound,
  ) {}

  onModuleInit(): void {
    this.registry.register(new MetaAdapter(this.config, this.verifier, this.files, this.outbound));
  }
}
