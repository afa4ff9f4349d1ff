import { Injectable } from '@nestjs/common';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  return createHash('sha256').update(text).digest();
}

function readOrMake(file: string): string {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `admin_${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(mine, file); // fails where there is one already: of several processes at a first start one wins, whole
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  chmodSync(file, 0o600);
  const key = readFileSync(file, 'utf8').trim();
  if (key.length < 24) throw new Error(`${file} holds no key of at least 24 characters: delete it, and the next start makes one.`);
  return key;
}
