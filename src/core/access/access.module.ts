import { Global, Module } from '@nestjs/common';
import { provideConfig } from '../../platform/config/config.module.js';
import { AUTHENTICATOR } from '../../platform/graphql/authenticator.js';
import { AccessConfig } from './access.config.js';
import { AccessService } from './access.service.js';
import { AdminKeyService } from './admin-key.service.js';
import { ApiKeysResolver } from './api-keys.resolver.js';
import { ApiKeysService } from './api-keys.service.js';
import { CredentialsService } from './credentials.service.js';
import { JsonWebTokensService } from './json-web-tokens.service.js';
import { LiveSocketsService } from './live-sockets.service.js';

/**
 * Access: who asks, and the one policy of what they may.
 * Owns `api_key`. Imports nothing of the core. Global: every room asks it.
 * Always: what a stranger may not see does not exist for them; FORBIDDEN is for a missing scope alone.
 */
@Global()
@Module({
  providers: [
    provideConfig(AccessConfig),
    AccessService,
    AdminKeyService,
    ApiKeysResolver,
    ApiKeysService,
    CredentialsService,
    JsonWebTokensService,
    LiveSocketsService,
    { provide: AUTHENTICATOR, useExisting: CredentialsService },
  ],
  exports: [AccessService, AdminKeyService, AUTHENTICATOR],
})
export class AccessModule {}
