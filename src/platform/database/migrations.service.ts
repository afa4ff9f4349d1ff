import pg from 'pg';
import { reasonOf } from '../errors/reason-of.js';
import { migrateJobs } from '../jobs/jobs-schema.service.js';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { refuseMigrations } from './database-facts.js';
import { readFacts } from './database-facts.service.js';
import { DatabaseStartError } from './database.errors.js';
import { type MigrationFiles, readMigrations } from './migration-files.service.js';
import { type OnWait, takeMigrationLock } from './migration-lock.service.js';
import { refuseOthers } from './other-migrations.js';
import { readRecorded } from './recorded-migrations.service.js';
import { MigrationFailed, runSchemaEngine } from './schema-engine.service.js';

/**
 * Brings a database to what the migrations of `folder` and the job queue's own make, and returns the names it applied. Any number of processes may
 * call it at once; `onWait` hears whom it waits for. A migration whose process was killed is tried again: PostgreSQL undid it whole.
 * Throws DatabaseStartError: a migration fails, or the database was migrated by a newer Centralita, or by another program.
 */
export async function applyMigrations(
  connection: pg.ClientConfig,
  folder: string,
  onWait: OnWait = () => undefined,
): Promise<readonly string[]> {
  const files = readMigrations(folder);
  const client = new pg.Client({ ...connection, application_name: 'centralita migrations' });
  client.on('error', () => undefined);
  await client.connect();
  let missing: readonly string[] = [];
  try {
    await takeMigrationLock(client, onWait);
    const facts = await readFacts(client);
    missing = facts.hasMigrations ? await missingOf(client, files, onWait) : files.migrations.map(({ name }) => name);
    const behind = missing.length > 0;
    const refusal = refuseMigrations(facts, { behind });
    if (refusal !== undefined) throw new DatabaseStartError(`DATABASE_URL: ${refusal}`);
    const applied = behind ? await runSchemaEngine(connection, facts.schema, files) : [];
    await migrateJobs(connection);
    return applied;
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error;
    if (error instanceof MigrationFailed) {
      const then =
        error.migration === missing[0]
          ? 'the version that ran before still works with this database'
          : 'those before it are applied, so take away the cause and start this version again';
      throw new DatabaseStartError(`Migration ${error.migration} failed (${error.reason}) and was undone: ${then}.`, { cause: error });
    }
    throw new DatabaseStartError(`The database could not be migrated: ${reasonOf(error)}`, { cause: error });
  } finally {
    await client.end();
  }
}

/** The names of what is to be applied. Prisma's lock is held meanwhile, so what is unfinished then is nobody's work in progress. */
async function missingOf(client: pg.Client, files: MigrationFiles, onWait: OnWait): Promise<readonly string[]> {
  // Held by the session of a process that died and left it a migration to end.
  await takeMigrationLock(client, onWait, ADVISORY_LOCKS.PRISMA);
  const recorded = await readRecorded(client);
  const refusal = refuseOthers(recorded, files);
  if (refusal !== undefined) throw new DatabaseStartError(`DATABASE_URL: ${refusal}.`);
  await client.query('update _prisma_migrations set rolled_back_at = now() where finished_at is null and rolled_back_at is null');
  await client.query('select pg_advisory_unlock($1)', [ADVISORY_LOCKS.PRISMA]);
  return files.migrations.map(({ name }) => name).filter((name) => !recorded.applied.has(name));
}
