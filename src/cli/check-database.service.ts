import path from 'node:path';
import type pg from 'pg';
import { connectionOf, describeUrl, parseDatabaseUrl } from '../platform/database/connection-url.js';
import { boundedClient } from '../platform/database/bounded-client.service.js';
import { cureOf } from '../platform/database/connection-cure.js';
import { type DatabaseFacts, refuseDatabase, refuseMigrations } from '../platform/database/database-facts.js';
import { readFacts } from '../platform/database/database-facts.service.js';
import { refuseDatabaseUrl } from '../platform/database/database.config.js';
import { readMigrations } from '../platform/database/migration-files.service.js';
import { refuseOthers } from '../platform/database/other-migrations.js';
import { readRecorded } from '../platform/database/recorded-migrations.service.js';
import { areSessionsShared, SHARED_SESSIONS } from '../platform/database/pooling.service.js';
import { packageRoot } from '../platform/database/package-root.service.js';
import { reasonOf } from '../platform/errors/reason-of.js';
import { type Finding, fix, off, ok } from './finding.js';

const CONNECT_MS = 5_000;

/** Whether a database of one's own lets us in, keeps a session's settings and locks, and has this version's schema. */
export async function checkDatabase(databaseUrl: string): Promise<Finding[]> {
  const url = parseDatabaseUrl(databaseUrl);
  if (!url) return [fix(`Database: ${refuseDatabaseUrl(databaseUrl)}`)];
  const open = () => boundedClient(connectionOf(url), CONNECT_MS, 'centralita doctor');
  const [first, second] = [open(), open()];
  try {
    await Promise.all([first.connect(), second.connect()]);
    const facts = await readFacts(first);
    const refusal = refuseDatabase(facts);
    if (refusal !== undefined) return [fix(`Database: ${describeUrl(url)} ${refusal}`)];
    return [ok(`Database: ${describeUrl(url)} answers`), await checkPooling(first, second), ...(await checkSchema(first, facts))];
  } catch (error) {
    return [fix(`Database: ${describeUrl(url)} does not let us in (${reasonOf(error)}). ${cureOf(error)}`)];
  } finally {
    await Promise.allSettled([first.end(), second.end()]);
  }
}

async function checkPooling(first: pg.Client, second: pg.Client): Promise<Finding> {
  return (await areSessionsShared(first, second)) ? fix(`Pooling: ${SHARED_SESSIONS}`) : ok('Pooling: direct, or a session at a time');
}

async function checkSchema(client: pg.Client, facts: DatabaseFacts): Promise<Finding[]> {
  const refused = (behind: boolean) => {
    const refusal = refuseMigrations(facts, { behind });
    return refusal === undefined ? undefined : [fix(`Migrations: ${refusal}`)];
  };
  if (!facts.hasMigrations) return refused(true) ?? [off('Migrations: none yet; the first start applies them')];
  const recorded = await readRecorded(client);
  const files = readMigrations(path.join(packageRoot(), 'prisma/migrations'));
  const ours = files.migrations.map(({ name }) => name);
  const waiting = ours.filter((name) => !recorded.applied.has(name));
  const others = refuseOthers(recorded, files);
  if (others !== undefined) return [fix(`Migrations: ${others}`)];
  const refusal = refused(waiting.length > 0);
  if (refusal) return refusal;
  if (waiting.length) return [off(`Migrations: ${waiting.length} to come; the next start applies them, or npx centralita migrate`)];
  const { rows: index } = await client.query(
    `select 1 from pg_indexes where schemaname = current_schema() and indexname = 'activity_words_idx'`,
  );
  return [
    ok(`Migrations: all ${ours.length} applied`),
    index.length ? ok('Search: by an index') : off('Search: without an index; docs/operations.md says how to add it'),
  ];
}
