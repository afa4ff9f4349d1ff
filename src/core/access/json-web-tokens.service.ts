import { Injectable } from '@nestjs/common';
import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { CodedError } from '../../platform/errors/coded-error.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { isStorable } from '../../platform/database/storable.js';
import { AccessConfig } from './access.config.js';
import { unauthenticated } from './access.errors.js';
import { type Actor } from './actor.js';
import { remoteKeys, type RemoteKeys } from './remote-keys.service.js';
import { type Scope } from './scope.js';

const WITH_A_SECRET = ['HS256', 'HS384', 'HS512'];
/** Without those of a shared secret: a public key, which everybody has, must never serve as one. */
const WITH_PUBLIC_KEYS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** What is wrong with the key set itself, and not with the token. */
const OF_THE_KEY_SET = ['ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'];

/** Reads the JSON Web Tokens of an identity provider: one that shares JWT_SECRET with us, or publishes its keys at JWT_JWKS_URL. */
@Injectable()
export class JsonWebTokensService {
  private readonly secret: Uint8Array | undefined;
  private readonly keys: RemoteKeys | undefined;

  constructor(
    private readonly config: AccessConfig,
    private readonly log: Log,
  ) {
    const { JWT_SECRET: secret, JWT_JWKS_URL: url } = config;
    this.secret = secret === undefined ? undefined : new TextEncoder().encode(secret);
    this.keys = url === undefined ? undefined : remoteKeys(new URL(url), log);
  }

  /** Claims: `organizations` (ids), `scope` (`read draft send`, by space), `sub`. Throws UNAUTHENTICATED. */
  async read(token: string): Promise<Actor> {
    try {
      return actorOf(await this.verify(token), this.config.JWT_ADMIN);
    } catch (error) {
      if (error instanceof CodedError || (error instanceof errors.JOSEError && !OF_THE_KEY_SET.includes(error.code)))
        throw unauthenticated();
      if (!this.keys) throw error;
      this.log.warn('access.keys_unusable', { reason: reasonOf(error) });
      throw unauthenticated();
    }
  }

  private async verify(token: string): Promise<JWTPayload> {
    const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = this.config;
    const named: JWTVerifyOptions = { ...(issuer && { issuer }), ...(audience && { audience }) };
    if (this.keys) return (await jwtVerify(token, this.keys, { algorithms: WITH_PUBLIC_KEYS, ...named })).payload;
    if (this.secret) return (await jwtVerify(token, this.secret, { algorithms: WITH_A_SECRET, ...named })).payload;
    throw unauthenticated();
  }
}

function actorOf(claims: JWTPayload, adminCounts: boolean): Actor {
  const given = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
  const admin = adminCounts && given.includes('admin');
  const scopes = (['READ', 'DRAFT', 'SEND'] as const).filter((scope) => given.includes(scope.toLowerCase())) as Scope[];
  // An id may be a number where it was issued. What no organization can be called would be no text to PostgreSQL either.
  const organizations = (Array.isArray(claims.organizations) ? (claims.organizations as unknown[]) : [])
    .map((id) => (Number.isSafeInteger(id) ? String(id) : id))
    .filter((id): id is string => typeof id === 'string' && isStorable(id));
  return {
    organizationIds: admin ? 'ALL' : organizations,
    scopes: admin ? ['ADMIN'] : scopes,
    subject: typeof claims.sub === 'string' && claims.sub && isStorable(claims.sub) ? claims.sub : 'token',
    keyId: undefined,
    expiresAt: claims.exp === undefined ? undefined : new Date(claims.exp * 1000),
  };
}
