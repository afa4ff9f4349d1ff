import { type Readable } from 'node:stream';
import { type ByteRange } from './byte-range.js';

/** Where the bytes of files are. Every process of a cluster sees the same. */
export interface MediaStorage {
  /** Kept with each file, so that a later start with another storage still finds it. */
  readonly name: 'DATABASE' | 'S3';
  /** The same id again replaces what was there. Resolves once it is durable. */
  put(id: string, bytes: Buffer, contentType: string): Promise<void>;
  /** Undefined where there is no such file. */
  get(id: string, range: ByteRange): Promise<Readable | undefined>;
  /** Also of what is not there. */
  delete(id: string): Promise<void>;
}
