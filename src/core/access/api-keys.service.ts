import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../../platform/database/new-id.service.js';
import { checkShortText } from '../../platform/errors/check-short-text.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type ApiKey as ApiKeyRow } from '../../generated/prisma/client.js';
import { notFound } from './access.errors.js';
import { AccessService } from './access.service.js';
import { type Actor } from './actor.js';
import { LiveSocketsService } from './live-sockets.service.js';
import { Scope } from './scope.js';
import { isUuid } from '../../platform/database/uuid.js';

const USE_NOTED_EVERY_MS = 60_000;

/** API keys: each of one organization, stored as a hash, shown once. */
@Injectable()
export class ApiKeysService {
  private readonly useNotedAt = new Map<string, number>();

  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly sockets: LiveSocketsService,
  ) {}

  /** The actor of that key; undefined where it is none, revoked or expired. */
  async read(key: string): Promise<Actor | undefined> {
    const row = await this.database.prisma.apiKey.findUnique({ where: { hash: hashOf(key) } });
    const now = new Date();
    if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= now)) return undefined;
    this.noteUse(row.id, now);
    return {
      organizationIds: [row.organizationId],
      scopes: row.scopes as Scope[],
      subject: row.label,
      keyId: row.id,
      expiresAt: row.expiresAt ?? undefined,
    };
  }

  async list(actor: Actor, organizationId: string): Promise<ApiKeyRow[]> {
    await this.access.require(actor, Scope.ADMIN, organizationId);
    return this.database.prisma.apiKey.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  }

  /** `key` is shown this once. Throws BAD_USER_INPUT for ADMIN, no scope, or a time that has passed. */
  async create(
    actor: Actor,
    input: { organizationId: string; label: string; scopes: readonly Scope[]; expiresAt?: Date | null },
  ): Promise<{ apiKey: ApiKeyRow; key: string }> {
    await this.access.require(actor, Scope.ADMIN, input.organizationId);
    const { organizationId, label, expiresAt = null } = input;
    checkShortText('label', label, 1);
    if (!input.scopes.length) throw badInput('scopes', 'scopes must name at least one of READ, DRAFT, SEND.');
    if (input.scopes.includes(Scope.ADMIN))
      throw badInput('scopes', 'scopes must be of READ, DRAFT, SEND: ADMIN is the administrator key alone.');
    if (expiresAt && expiresAt <= new Date()) throw badInput('expiresAt', 'expiresAt must be in the future.');
    const key = `key_${randomBytes(32).toString('base64url')}`;
    const apiKey = await this.database.prisma.apiKey.create({
      data: { id: newId(), organizationId, label, scopes: [...new Set(input.scopes)], expiresAt, hash: hashOf(key) },
    });
    return { apiKey, key };
  }

  /** Ends the key at once, and its sockets within five seconds on whatever process they are. */
  async revoke(actor: Actor, id: string): Promise<ApiKeyRow> {
    this.access.requireAdmin(actor);
    const found = isUuid(id) ? await this.database.prisma.apiKey.findUnique({ where: { id } }) : null;
    if (!found) throw notFound({ what: 'API key' });
    const revoked = found.revokedAt ? found : await this.database.prisma.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
    this.sockets.end(id);
    return revoked;
  }

  /** Once a minute is enough to say whether a key is still in use. */
  private noteUse(id: string, now: Date): void {
    if (now.getTime() - (this.useNotedAt.get(id) ?? 0) < USE_NOTED_EVERY_MS) return;
    this.useNotedAt.set(id, now.getTime());
    this.database.prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: now } }).catch(() => this.useNotedAt.delete(id));
  }
}

function hashOf(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}
