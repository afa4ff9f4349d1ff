import { IsNotEmpty, IsOptional, ValidateBy } from 'class-validator';
import { Variable } from '../config/variable.js';
import { parseDatabaseUrl } from './connection-url.js';

export const DATABASE_URL_RULE = 'DATABASE_URL must be a postgresql:// URL, or unset for the embedded database';

export class DatabaseConfig {
  @Variable(
    'A PostgreSQL of your own (direct or session pooling). Unset: an embedded one, in DATA_DIR.',
    'postgresql://user@localhost:5432/centralita',
  )
  @IsOptional()
  @ValidateBy({
    name: 'isPostgresUrl',
    validator: { validate: (value) => parseDatabaseUrl(String(value)) !== undefined, defaultMessage: () => DATABASE_URL_RULE },
  })
  DATABASE_URL?: string;

  @Variable('The folder of what must outlive a restart: the embedded database, keys, media.', 'data')
  @IsNotEmpty({ message: 'DATA_DIR must be a folder, or unset for `data` in the working directory' })
  DATA_DIR = 'data';
}
