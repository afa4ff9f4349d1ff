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

  make(id: string): { url: string; urlExpiresAt: Date } {
    const urlExpiresAt = expiryOf(new Date());
    return { url: this.http.publicUrl + signedPath(this.key, id, urlExpiresAt), urlExpiresAt };
  }

  holds(id: string, query: { expires?: unknown; signature?: unknown }): boolean {
    return isSigned(this.key, id, query, new Date());
  }
}
