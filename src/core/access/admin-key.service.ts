import { Injectable } from '@nestjs/common';
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { readOrMakeSecret } from '../../platform/config/kept-secret.service.js';
import { DatabaseConfig } from '../../platform/database/database.config.js';
import { AccessConfig } from './access.config.js';
import { type Actor } from './actor.js';

/** The administrator's key: ADMIN_API_KEY, or one made at the first start and kept in DATA_DIR/admin-key for its owner's eyes. */
@Injectable()
export class AdminKeyService {
  /** Where the key lies; undefined where the environment gave it. */
  readonly file: string | undefined;
  private readonly digest: Buffer;

  constructor(access: AccessConfig, database: DatabaseConfig) {
    this.file = access.ADMIN_API_KEY === undefined ? join(database.DATA_DIR, 'admin-key') : undefined;
    this.digest = sha256(access.ADMIN_API_KEY ?? readOrMake(this.file!));
  }

  /** The administrator, or undefined where that is not the key. Constant time. */
  read(key: string): Actor | undefined {
    if (!timingSafeEqual(sha256(key), this.digest)) return undefined;
    return { organizationIds: 'ALL', scopes: ['ADMIN'], subject: 'administrator', keyId: undefined, expiresAt: undefined };
  }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function readOrMake(file: string): string {
  const key = readOrMakeSecret(file, () => `admin_${randomBytes(24).toString('base64url')}`);
  if (key.length < 24) throw new Error(`${file} holds no key of at least 24 characters: delete it, and the next start makes one.`);
  return key;
}
