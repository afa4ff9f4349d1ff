import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { type Authenticator } from '../../platform/graphql/authenticator.js';
import { type SocketHandle } from '../../platform/graphql/graphql-context.js';
import { unauthenticated } from './access.errors.js';
import { type Actor } from './actor.js';
import { AdminKeyService } from './admin-key.service.js';
import { ApiKeysService } from './api-keys.service.js';
import { JsonWebTokensService } from './json-web-tokens.service.js';
import { LiveSocketsService } from './live-sockets.service.js';

const LONGEST = 8_192;

/** Who asks: the administrator's key, an API key or a JWT. */
@Injectable()
export class CredentialsService implements Authenticator {
  constructor(
    private readonly adminKey: AdminKeyService,
    private readonly apiKeys: ApiKeysService,
    private readonly tokens: JsonWebTokensService,
    private readonly sockets: LiveSocketsService,
  ) {}

  async authenticate(authorization: string | undefined): Promise<{ actor: Actor; rateKey: string }> {
    const credential = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (!credential || credential.length > LONGEST) throw unauthenticated();
    const actor =
      this.adminKey.read(credential) ??
      (looksLikeJwt(credential) ? await this.tokens.read(credential) : await this.apiKeys.read(credential));
    if (!actor) throw unauthenticated();
    return { actor, rateKey: actor.keyId ?? `${actor.subject} ${hash('sha256', unsigned(credential), 'base64url').slice(0, 16)}` };
  }

  rightsOf({ organizationIds, scopes }: Actor): string {
    return JSON.stringify([organizationIds === 'ALL' ? organizationIds : [...organizationIds].sort(), [...scopes].sort()]);
  }

  watch(actor: Actor, socket: SocketHandle): () => void {
    return this.sockets.watch(actor, socket);
  }
}

/** One token has as many spellings as its signature's last letter has bits to spare. */
function unsigned(credential: string): string {
  return looksLikeJwt(credential) ? credential.slice(0, credential.lastIndexOf('.')) : credential;
}

function looksLikeJwt(credential: string): boolean {
  return credential.split('.').length === 3;
}
