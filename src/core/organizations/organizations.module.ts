import { type DynamicModule, Module } from '@nestjs/common';
import { provideConfig } from '../../platform/config/config.module.js';
import { OrganizationsConfig } from './organizations.config.js';
import { OrganizationsResolver } from './organizations.resolver.js';
import { OrganizationsService } from './organizations.service.js';
import { ProviderAccountsResolver } from './provider-accounts.resolver.js';
import { ProviderAccountsService } from './provider-accounts.service.js';
import { SecretsKeyService } from './secrets-key.service.js';
import { SEEDS, type Seeds, SeedService } from './seed.service.js';
import { SendersService } from './senders.service.js';

/**
 * Organizations: the tenants, the addresses they own on each channel, and their accounts at providers.
 * Owns `organization`, `sender` and `provider_account`, and makes the `feed_head` row that every organization has. Imports `access` and `adapters`.
 * Always: an address of a channel belongs to one organization; a secret lies encrypted, and is never shown or logged.
 */
@Module({})
export class OrganizationsModule {
  static forRoot(seeds: Seeds): DynamicModule {
    return {
      global: true,
      module: OrganizationsModule,
      providers: [
        provideConfig(OrganizationsConfig),
        OrganizationsResolver,
        OrganizationsService,
        ProviderAccountsResolver,
        ProviderAccountsService,
        SecretsKeyService,
        SeedService,
        SendersService,
        { provide: SEEDS, useValue: seeds },
      ],
      exports: [OrganizationsConfig, ProviderAccountsService, SendersService],
    };
  }
}
