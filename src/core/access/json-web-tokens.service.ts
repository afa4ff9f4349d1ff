import { Injectable } from '@nestjs/common';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { AccessConfig } from './access.config.js';
import { unauthenticated } from './access.errors.js';
import { type Actor } from './actor.js';
import { type Scope } from './scope.js';

/** Reads the JSON Web Tokens of an identity provider that shares JWT_SECRET with us. */
@Injectable()
export class JsonWebTokensService {
  private readonly secret: Uint8Array | undefined;

  constructor(private readonly config: AccessConfig) {
    this.secret = config.JWT_SECRET === undefined ? undefined : new TextEncoder().encode(config.JWT_SECRET);
  }

  /** Claims: `organizations` (ids), `scope` (`read draft send`, by space), `sub`. Throws UNAUTHENTICATED. */
  async read(token: string): Promise<Actor> {
    if (!this.secret) throw unauthenticated();
    try {
      const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = this.config;
      const { payload } = await jwtVerify(token, this.secret, {
        algorithms: ['HS256', 'HS384', 'HS512'],
        ...(issuer && { issuer }),
        ...(audience && { audience }),
      });
      return actorOf(payload, this.config.JWT_ADMIN);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated();
      throw error;
    }
  }
}

function actorOf(claims: JWTPayload, adminCounts: boolean): Actor {
  const given = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
  const admin = adminCounts && given.includes('admin');
  const scopes = (['READ', 'DRAFT', 'SEND'] as const).filter((scope) => given.includes(scope.toLowerCase())) as Scope[];
  const organizations = Array.isArray(claims.organizations)
    ? claims.organizations.filter((id): id is string => typeof id === 'string')
    : [];
  return {
    organizationIds: admin ? 'ALL' : organizations,
    scopes: admin ? ['ADMIN'] : scopes,
    subject: claims.sub ?? 'token',
    keyId: undefined,
    expiresAt: claims.exp === undefined ? undefined : new Date(claims.exp * 1000),
  };
}
