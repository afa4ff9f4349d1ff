import { type MigrationFiles } from './migration-files.service.js';
import { type RecordedMigrations } from './recorded-migrations.service.js';

/** Why a schema that has these migrations is none for us, and the cure: they are of another program, or of a newer Centralita. Undefined where it is ours. */
export function refuseOthers({ applied, all }: RecordedMigrations, { migrations }: MigrationFiles): string | undefined {
  const ours = new Set(migrations.map(({ name }) => name));
  const newestOther = (names: ReadonlySet<string>) =>
    [...names]
      .filter((name) => !ours.has(name))
      .sort()
      .at(-1);
  if (all.size && ![...all].some((name) => ours.has(name)))
    return `the schema has the migrations of another program (${newestOther(all)}). Give Centralita a schema of its own (create schema …), and name it: ?schema=…`;
  const newer = newestOther(applied);
  return newer === undefined
    ? undefined
    : `the database was migrated by a newer Centralita (${newer} is unknown here). Start that version, or restore a backup`;
}
