import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readOrMakeSecret } from '../../platform/config/kept-secret.service.js';
import { DatabaseConfig } from '../../platform/database/database.config.js';
import { OrganizationsConfig } from './organizations.config.js';
import { readSecretsKey } from './sealed-secrets.js';

/** The key that encrypts secrets at rest: SECRETS_KEY; with the embedded database, else, one made at the first start and kept beside it. */
@Injectable()
export class SecretsKeyService {
  /** Undefined where a database of one's own is used and SECRETS_KEY is not set: several processes must share it. */
  readonly key: Buffer | undefined;

  constructor(config: OrganizationsConfig, { DATABASE_URL, DATA_DIR }: DatabaseConfig) {
    if (config.SECRETS_KEY !== undefined) this.key = readSecretsKey(config.SECRETS_KEY);
    else if (DATABASE_URL === undefined) this.key = keptIn(path.join(DATA_DIR, 'secrets-key'));
  }
}

function keptIn(file: string): Buffer {
  const key = readSecretsKey(readOrMakeSecret(file, () => randomBytes(32).toString('base64')));
  if (!key)
    throw new Error(`${file} holds no key of 32 bytes: restore it from your backup, or delete it and add the provider accounts again.`);
  return key;
}
