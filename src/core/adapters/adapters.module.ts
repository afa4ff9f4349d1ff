import { Global, Module } from '@nestjs/common';
import { AdapterRegistry } from './adapter-registry.service.js';

/**
 * Adapters: the one contract by which a provider carries a channel, and who fulfils it.
 * Owns no table. Imports nothing of the core. Global, because providers register here and must import no channel.
 */
@Global()
@Module({ providers: [AdapterRegistry], exports: [AdapterRegistry] })
export class AdaptersModule {}
