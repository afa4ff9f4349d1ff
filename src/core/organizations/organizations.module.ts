import { type DynamicModule, Module } from '@nestjs/common';
import { provideConfig } from '../../platform/config/config.module.js';
import { OrganizationsConfig } from './organizations.config.js';
import { OrganizationsResolver } from './organizations.resolver.js';
import { OrganizationsService } from './organizations.service.js';
import { SEED_SENDERS, type SeedSender, SeedService } from './seed.service.js';
import { SendersService } from './senders.service.js';

/**
 * Organizations: the tenants, and the addresses they own on each channel.
 * Owns `organization` and `sender`, and makes the `feed_head` row that every organization has. Imports `access` and `adapters`.
 * Always: an address of a channel belongs to one organization.
 */
@Module({})
export class OrganizationsModule {
  static forRoot(seeds: readonly SeedSender[]): DynamicModule {
    return {
      global: true,
      module: OrganizationsModule,
      providers: [
        provideConfig(OrganizationsConfig),
        OrganizationsResolver,
        OrganizationsService,
        SeedService,
        SendersService,
        { provide: SEED_SENDERS, useValue: seeds },
      ],
      exports: [OrganizationsConfig, SendersService],
    };
  }
}
