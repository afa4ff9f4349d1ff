import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';
import { IsWebAddress } from '../../platform/config/web-address.js';
import { Variable } from '../../platform/config/variable.js';

const SIZE = 'MEDIA_MAX_BYTES must be a whole number of bytes, from 1 to 268435456 (256 MiB)';
const S3_NAMES = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

export interface S3Settings {
  /** Scheme and host, without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Of S3 the bucket and the two keys go together; any of the five wants these three. */
const wantsS3 = (config: MediaConfig): boolean => S3_NAMES.some((name) => config[name] !== undefined);

export class MediaConfig {
  @Variable('The largest file that is fetched from a provider or uploaded, in bytes. A larger one is FAILED.', '33554432')
  @Type(() => Number)
  @IsInt({ message: SIZE })
  @Min(1, { message: SIZE })
  @Max(256 << 20, { message: SIZE })
  MEDIA_MAX_BYTES: number = 32 << 20;

  @Variable("Where an S3-compatible service is. Unset: Amazon's, of S3_REGION.", 'https://minio.example.com')
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.replace(/\/+$/, '') : undefined))
  @IsWebAddress()
  S3_ENDPOINT?: string;

  @Variable('The bucket that keeps files. Unset, with all of S3_*: they are kept in the database.', 'centralita-media')
  @ValidateIf(wantsS3)
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: "S3_BUCKET must be a bucket's name where any of S3_* is set" })
  S3_BUCKET?: string;

  @Variable('The region of the bucket.', 'eu-west-1')
  @Matches(/^[\w-]+$/, { message: 'S3_REGION must be a region, such as eu-west-1' })
  @IsOptional()
  S3_REGION?: string;

  @Variable('The id of an access key that may read, write and delete in the bucket.')
  @ValidateIf(wantsS3)
  @Matches(/^\S+$/, { message: 'S3_ACCESS_KEY_ID must be set where any of S3_* is' })
  S3_ACCESS_KEY_ID?: string;

  @Variable('The secret of that access key.')
  @ValidateIf(wantsS3)
  @Matches(/^\S+$/, { message: 'S3_SECRET_ACCESS_KEY must be set where any of S3_* is' })
  S3_SECRET_ACCESS_KEY?: string;

  /** Undefined: the database keeps the files. */
  get s3(): S3Settings | undefined {
    const { S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION: region = 'us-east-1' } = this;
    if (S3_BUCKET === undefined || S3_ACCESS_KEY_ID === undefined || S3_SECRET_ACCESS_KEY === undefined) return undefined;
    const endpoint = this.S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`;
    return { endpoint, bucket: S3_BUCKET, region, accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY };
  }
}
