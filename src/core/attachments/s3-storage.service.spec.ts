import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Bucket } from '../../../test/support/bucket.js';
import { S3Storage } from './s3-storage.service.js';

describe('Files in S3', () => {
  let bucket: Bucket;
  let storage: S3Storage;
  const settingsOf = ({ endpoint, region, accessKeyId, secretAccessKey }: Bucket) => ({
    endpoint,
    bucket: 'media',
    region,
    accessKeyId,
    secretAccessKey,
  });
  beforeEach(async () => {
    bucket = await Bucket.start();
    storage = new S3Storage(settingsOf(bucket));
  });
  afterEach(() => bucket.stop());

  const bytes = randomBytes(300_000);
  const read = async (id: string, start = 0, end = bytes.length - 1) => {
    const stream = await storage.get(id, { start, end });
    return stream && buffer(stream);
  };

  it('are put, read whole and in part, replaced and deleted, every request signed', async () => {
    await storage.put('a', bytes, 'image/png');
    expect(bucket.objects.get('/media/media/a')).toEqual({ bytes, contentType: 'image/png' });
    expect(await read('a')).toEqual(bytes);
    expect(await read('a', 1000, 1999)).toEqual(bytes.subarray(1000, 2000));
    await storage.put('a', Buffer.from('other'), 'text/plain');
    expect(await read('a', 0, 4)).toEqual(Buffer.from('other'));
    await storage.delete('a');
    expect(await read('a')).toBeUndefined();
    await storage.delete('a');
    expect(bucket.refused).toEqual([]);
  });

  it('may be empty', async () => {
    await storage.put('empty', Buffer.alloc(0), 'text/plain');
    expect(await read('empty', 0, -1)).toEqual(Buffer.alloc(0));
  });

  it('are neither put nor taken for absent where S3 refuses', async () => {
    const stranger = new S3Storage({ ...settingsOf(bucket), secretAccessKey: 'another' });
    await expect(stranger.put('a', bytes, 'image/png')).rejects.toThrow('S3 answered 403 to PUT');
    await expect(stranger.get('a', { start: 0, end: 1 })).rejects.toThrow('S3 answered 403 to GET');
    expect(bucket.objects.size).toBe(0);
  });
});
