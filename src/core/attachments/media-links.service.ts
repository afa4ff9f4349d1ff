import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { DatabaseService } from '../../platform/database/database.service.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { expiryOf, isSigned, signedPath } from './signed-link.js';

/** Links by which whoever has one may read one file for a while. All processes sign with one key, kept in the database. */
@Injectable()
export class MediaLinks implements OnModuleInit {
  private key: Uint8Array = new Uint8Array();

  constructor(
    private readonly database: DatabaseService,
    private readonly http: HttpConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    const { mediaKey } = this.database.prisma;
    // Of several first starts at once one writes it, and all read what that one wrote.
    await mediaKey.createMany({ data: [{ key: Uint8Array.from(randomBytes(32)) }], skipDuplicates: true });
    this.key = (await mediaKey.findUniqueOrThrow({ where: { id: 1 } })).key;
  }

  /** Lives for an hour, or for `lifetimeMs`: what a provider is to fetch may wait long in its queue. */
  make(id: string, lifetimeMs?: number): { url: string; urlExpiresAt: Date } {
    const urlExpiresAt = expiryOf(new Date(), lifetimeMs);
    return { url: this.http.publicUrl + signedPath(this.key, id, urlExpiresAt), urlExpiresAt };
  }

  holds(id: string, query: { expires?: unknown; signature?: unknown }): boolean {
    return isSigned(this.key, id, query, new Date());
  }
}
