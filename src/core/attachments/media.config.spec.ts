import { describe, expect, it } from '@jest/globals';
import { type ConfigError, readConfig } from '../../platform/config/read-config.js';
import { MediaConfig } from './media.config.js';

const linesOf = (environment: Record<string, string>) => {
  try {
    readConfig(MediaConfig, environment);
    return [];
  } catch (error) {
    return (error as ConfigError).lines;
  }
};
const WHOLE = { S3_BUCKET: 'media', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };

describe('The configuration of media', () => {
  it('keeps files in the database, up to 32 MiB, where nothing is set', () => {
    const config = readConfig(MediaConfig, {});
    expect([config.s3, config.MEDIA_MAX_BYTES]).toEqual([undefined, 33_554_432]);
  });

  it('knows where Amazon is, and takes another place without its slash', () => {
    expect(readConfig(MediaConfig, { ...WHOLE, S3_REGION: 'eu-west-1' }).s3!.endpoint).toBe('https://s3.eu-west-1.amazonaws.com');
    expect(readConfig(MediaConfig, { ...WHOLE, S3_ENDPOINT: 'http://minio:9000/' }).s3).toEqual({
      endpoint: 'http://minio:9000',
      bucket: 'media',
      region: 'us-east-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
    });
  });

  it('refuses half of S3 with a line for each half that lacks', () => {
    expect(linesOf({ S3_REGION: 'eu-west-1' })).toEqual([
      expect.stringContaining('S3_BUCKET'),
      expect.stringContaining('S3_ACCESS_KEY_ID'),
      expect.stringContaining('S3_SECRET_ACCESS_KEY'),
    ]);
    expect(linesOf({ ...WHOLE, S3_SECRET_ACCESS_KEY: '' })).toEqual([expect.stringContaining('S3_SECRET_ACCESS_KEY')]);
    expect(linesOf({ ...WHOLE, S3_ENDPOINT: 'minio' })).toEqual([expect.stringContaining('S3_ENDPOINT')]);
    expect(linesOf(WHOLE)).toEqual([]);
  });

  it.each(['0', '-1', '1.5', 'x', '268435457'])('refuses MEDIA_MAX_BYTES %s', (size) =>
    expect(linesOf({ MEDIA_MAX_BYTES: size })).toEqual([expect.stringContaining('MEDIA_MAX_BYTES')]),
  );
});
