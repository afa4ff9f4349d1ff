import { AwsClient } from 'aws4fetch';
import { Readable } from 'node:stream';
import { type ByteRange } from './byte-range.js';
import { type S3Settings } from './media.config.js';
import { type MediaStorage } from './media-storage.js';

/** A service that is busy is asked again so often, at once; after that the job tries later. */
const RETRIES = 2;
/** Until S3 answers; a file takes longer to give or to read. */
const TIME_LIMIT_MS = 60_000;
const SLOWEST_BYTES_PER_MS = 256;

/** Files in a bucket of S3, or of what speaks like it; addressed by path, which all of them understand. */
export class S3Storage implements MediaStorage {
  readonly name = 'S3';
  private readonly client: AwsClient;
  private readonly bucketUrl: string;

  constructor({ endpoint, bucket, region, accessKeyId, secretAccessKey }: S3Settings) {
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: RETRIES });
    this.bucketUrl = `${endpoint}/${bucket}`;
  }

  async put(id: string, bytes: Buffer, contentType: string): Promise<void> {
    const timeLimitMs = TIME_LIMIT_MS + bytes.length / SLOWEST_BYTES_PER_MS;
    await this.ask(id, { method: 'PUT', body: new Uint8Array(bytes), headers: { 'content-type': contentType } }, timeLimitMs);
  }

  async get(id: string, { start, end }: ByteRange): Promise<Readable | undefined> {
    // No range holds nothing, so an empty file is asked for whole.
    const answer = await this.ask(id, { headers: end < start ? {} : { range: `bytes=${start}-${end}` } });
    if (answer.status === 404) return undefined;
    return answer.body ? Readable.fromWeb(answer.body) : Readable.from([]);
  }

  async delete(id: string): Promise<void> {
    await this.ask(id, { method: 'DELETE' });
  }

  /** Throws for all but a success and a 404. */
  private async ask(id: string, init: RequestInit, timeLimitMs = TIME_LIMIT_MS): Promise<Response> {
    const slow = new AbortController();
    const limit = setTimeout(() => slow.abort(new Error(`S3 did not answer in ${Math.round(timeLimitMs / 1_000)} s`)), timeLimitMs);
    const answer = await this.client
      .fetch(`${this.bucketUrl}/media/${id}`, { ...init, signal: slow.signal })
      .finally(() => clearTimeout(limit));
    if (answer.ok || (answer.status === 404 && init.method !== 'PUT')) return answer;
    await answer.body?.cancel();
    throw new Error(`S3 answered ${answer.status} to ${init.method ?? 'GET'}`);
  }
}
