import { Injectable } from '@nestjs/common';
import { type Readable } from 'node:stream';
import { Unavailable } from '../../platform/errors/unavailable.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type ByteRange } from './byte-range.js';
import { DatabaseStorage } from './database-storage.service.js';
import { MediaConfig } from './media.config.js';
import { type MediaStorage } from './media-storage.js';
import { S3Storage } from './s3-storage.service.js';

/**
 * The bytes of files. New ones go to S3 where that is configured, else to the database; old ones are read where they were put. Throws Unavailable
 * while their storage is away.
 */
@Injectable()
export class MediaFiles {
  private readonly storages: readonly MediaStorage[];

  constructor(
    database: DatabaseStorage,
    config: MediaConfig,
    private readonly log: Log,
  ) {
    this.storages = config.s3 ? [new S3Storage(config.s3), database] : [database];
  }

  /** Where it was put. */
  async put(id: string, bytes: Buffer, contentType: string): Promise<MediaStorage['name']> {
    const storage = this.storages[0]!;
    await this.reach(storage, () => storage.put(id, bytes, contentType));
    return storage.name;
  }

  /** Undefined where it is gone, or where its storage is not configured any more. */
  async get(id: string, storedIn: string | null, range: ByteRange): Promise<Readable | undefined> {
    const storage = this.storages.find(({ name }) => name === storedIn);
    return storage && this.reach(storage, () => storage.get(id, range));
  }

  /** From wherever it may be. */
  async delete(id: string): Promise<void> {
    for (const storage of this.storages) await this.reach(storage, () => storage.delete(id));
  }

  private async reach<T>({ name }: MediaStorage, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.log.warn('media.storage_away', { storage: name, reason: reasonOf(error) });
      throw new Unavailable('The storage of files does not answer as it must. Try again.', { cause: error });
    }
  }
}
