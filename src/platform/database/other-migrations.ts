import { type MigrationFiles } from './migration-files.service.js';

/** Why a schema with these migrations in it is none for us, and the cure: they are of another program, or of a newer Centralita. Undefined where all are ours. */
export function refuseOthers(applied: ReadonlySet<string>, { migrations }: MigrationFiles): string | undefined {
  const ours = new Set(migrations.map(({ name }) => name));
  const others = [...applied].filter((name) => !ours.has(name)).sort();
  if (!others.length) return undefined;
  return others.length === applied.size
    ? `the schema has the migrations of another program (${others.at(-1)}). Make one for Centralita alone (create schema centralita), and name it: ?schema=centralita`
    : `the database was migrated by a newer Centralita (${others.at(-1)} is unknown here). Start that version, or restore a backup`;
}
