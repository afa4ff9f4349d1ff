import { Injectable } from '@nestjs/common';
import { type Readable } from 'node:stream';
import { type ByteRange } from './byte-range.js';
import { DatabaseStorage } from './database-storage.service.js';
import { MediaConfig } from './media.config.js';
import { type MediaStorage } from './media-storage.js';
import { S3Storage } from './s3-storage.service.js';

/** The bytes of files. New ones go to S3 where that is configured, else to the database; old ones are read where they were put. */
@Injectable()
export class MediaFiles {
  private readonly storages: readonly MediaStorage[];

  constructor(database: DatabaseStorage, config: MediaConfig) {
    this.storages = config.s3 ? [new S3Storage(config.s3), database] : [database];
  }

  /** Where it was put. */
  async put(id: string, bytes: Buffer, contentType: string): Promise<MediaStorage['name']> {
    const storage = this.storages[0]!;
    await storage.put(id, bytes, contentType);
    return storage.name;
  }

  /** Undefined where it is gone, or where its storage is not configured any more. */
  async get(id: string, storedIn: string | null, range: ByteRange): Promise<Readable | undefined> {
    return this.storages.find(({ name }) => name === storedIn)?.get(id, range);
  }

  /** From wherever it may be. */
  async delete(id: string): Promise<void> {
    for (const storage of this.storages) await storage.delete(id);
  }
}
