import { IsNotEmpty, IsOptional, ValidateBy } from 'class-validator';
import { Variable } from '../config/variable.js';
import { hasStrayPercent, parseDatabaseUrl } from './connection-url.js';

/** What is wrong with a value that is no database's URL. Does not repeat it: it may hold a password. */
export function refuseDatabaseUrl(text: string): string {
  return hasStrayPercent(text)
    ? 'DATABASE_URL holds a % that is no escape: in a user, a password or a name write %25 for it'
    : 'DATABASE_URL must be a postgresql:// URL, or unset for the embedded database';
}

export class DatabaseConfig {
  @Variable(
    'A PostgreSQL of your own (direct or session pooling). Unset: an embedded one, in DATA_DIR.',
    'postgresql://user@localhost:5432/centralita',
  )
  @IsOptional()
  @ValidateBy({
    name: 'isPostgresUrl',
    validator: {
      validate: (value) => parseDatabaseUrl(String(value)) !== undefined,
      defaultMessage: (args) => refuseDatabaseUrl(String(args?.value)),
    },
  })
  DATABASE_URL?: string;

  @Variable('The folder of what must outlive a restart: the embedded database, keys, media.', 'data')
  @IsNotEmpty({ message: 'DATA_DIR must be a folder, or unset for `data` in the working directory' })
  DATA_DIR = 'data';
}
