import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface MigrationFile {
  /** Its folder's name, such as `20261125000000_main_job`. */
  readonly name: string;
  readonly sql: string;
}

/** The migrations of one version of Centralita, oldest first. */
export interface MigrationFiles {
  readonly folder: string;
  readonly migrations: readonly MigrationFile[];
  /** The text of `migration_lock.toml`, where Prisma notes for which database the migrations were written. */
  readonly lockFile: string | null;
}

/** Reads a folder as Prisma lays it out: `<name>/migration.sql` each, and `migration_lock.toml`. */
export function readMigrations(folder: string): MigrationFiles {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const lockFile = path.join(folder, 'migration_lock.toml');
  return {
    folder,
    migrations: names.map((name) => ({ name, sql: readFileSync(path.join(folder, name, 'migration.sql'), 'utf8') })),
    lockFile: existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : null,
  };
}
