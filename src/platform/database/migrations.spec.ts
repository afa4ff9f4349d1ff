import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { EmbeddedPostgres } from './embedded-postgres.service.js';
import { applyMigrations } from './migrations.service.js';
import { packageRoot } from './package-root.service.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FIRST = { '20260101000000_first': 'create table a (id int primary key); -- not the end; of it' };
const BROKEN = { ...FIRST, '20260102000000_broken': 'create table b (id int); insert into nowhere values (1);' };

/** A process of its own that migrates. Node 20 runs no TypeScript: the built room. */
const MIGRATE = `
  import { applyMigrations } from '${pathToFileURL(path.join(packageRoot(), 'dist/platform/database/migrations.service.js')).href}';
  await applyMigrations(JSON.parse(process.argv[1]), process.argv[2]);
`;

describe('applyMigrations', () => {
  let folder: string;
  let embedded: EmbeddedPostgres;
  let databases = 0;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'centralita-'));
    embedded = await EmbeddedPostgres.start(folder, quiet);
  });
  afterAll(async () => {
    await embedded.stop();
    rmSync(folder, { recursive: true });
  });

  it('applies each migration once', async () => {
    const database = await freshDatabase();
    expect(await applyMigrations(database, written(FIRST))).toEqual(['20260101000000_first']);
    expect(await applyMigrations(database, written(FIRST))).toEqual([]);
  });

  it('waits for another that migrates, and says for whom', async () => {
    const database = await freshDatabase();
    const other = new pg.Client({ ...database, application_name: 'another' });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [ADVISORY_LOCKS.MIGRATIONS]);
    const holders: unknown[] = [];
    const applied = applyMigrations(database, written(FIRST), (holder) => {
      holders.push(holder?.application);
      void other.end();
    });
    expect(await applied).toEqual(['20260101000000_first']);
    expect(holders).toEqual(['another']);
  });

  it('sends a function whole, though it has semicolons', async () => {
    const database = await freshDatabase();
    await applyMigrations(
      database,
      written({ '20260101000000_function': `create function two() returns int as $$ begin return 1; end $$ language plpgsql;` }),
    );
    expect(await query(database, 'select two()')).toEqual([{ two: 1 }]);
  });

  it('leaves a database alone that a newer version migrated', async () => {
    const database = await freshDatabase();
    await applyMigrations(database, written({ ...FIRST, '20261201000000_newer': 'create table c ()' }));
    await expect(applyMigrations(database, written(FIRST))).rejects.toThrow(
      'DATABASE_URL: the database was migrated by a newer Centralita (20261201000000_newer is unknown here). Start that version, or restore a backup.',
    );
  });

  it.each(['made', 'failed'])("leaves a schema alone that another program's migrations %s", async (how) => {
    const database = await freshDatabase();
    await applyMigrations(database, written({ '20250101000000_init': 'create table shop ()' }));
    if (how === 'failed') await query(database, 'update _prisma_migrations set finished_at = null');
    await expect(applyMigrations(database, written(FIRST))).rejects.toThrow(
      'DATABASE_URL: the schema has the migrations of another program (20250101000000_init). Give Centralita a schema of its own (create schema …), and name it: ?schema=….',
    );
    expect(
      await query(
        database,
        `select to_regclass('a') as a, count(*)::int as n, bool_and(rolled_back_at is null) as left from _prisma_migrations`,
      ),
    ).toEqual([{ a: null, n: 1, left: true }]);
  });

  it('takes no offence at what a newer version failed to do', async () => {
    const database = await freshDatabase();
    await applyMigrations(database, written({ ...FIRST, '20261201000000_newer': 'create table c ()' }));
    await query(database, `update _prisma_migrations set finished_at = null where migration_name like '%newer'`);
    expect(await applyMigrations(database, written(FIRST))).toEqual([]);
  });

  it('keeps nothing of a migration that fails, says why, and applies it when it is mended', async () => {
    const database = await freshDatabase();
    await expect(applyMigrations(database, written(BROKEN))).rejects.toThrow(
      'Migration 20260102000000_broken failed (relation "nowhere" does not exist) and was undone: those before it are applied, so take away the cause and start this version again.',
    );
    expect(await query(database, `select to_regclass('a')::text as a, to_regclass('b') as b`)).toEqual([{ a: 'a', b: null }]);
    await expect(applyMigrations(database, written(BROKEN))).rejects.toThrow(
      'and was undone: the version that ran before still works with this database.',
    );
    expect(await applyMigrations(database, written({ ...FIRST, '20260102000000_broken': 'create table b (id int)' }))).toEqual([
      '20260102000000_broken',
    ]);
  });

  it('is told as applied though whoever applied it died while it waited for a lock', async () => {
    const database = await freshDatabase();
    await applyMigrations(database, written(FIRST));
    const backup = new pg.Client(database);
    await backup.connect();
    await backup.query('begin; lock table a in access share mode');
    const next = { ...FIRST, '20260102000000_second': 'alter table a add column b int' };
    const child = spawn(process.execPath, ['--input-type=module', '--eval', MIGRATE, JSON.stringify(database), written(next)], { env: {} });
    const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await query(database, waiting))[0]!.n !== 1) await sleep(20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await backup.end();
    await applyMigrations(database, written(next));
    expect(await query(database, 'select count(b)::int as n from a')).toEqual([{ n: 0 }]);
    expect(await applyMigrations(database, written(next))).toEqual([]);
  });

  async function freshDatabase(): Promise<pg.ClientConfig> {
    const database = `migrations_${++databases}`;
    await query(embedded.connection, `create database ${database}`);
    return { ...embedded.connection, database };
  }

  function written(migrations: Record<string, string>): string {
    const written = mkdtempSync(path.join(folder, 'migrations-'));
    writeFileSync(path.join(written, 'migration_lock.toml'), 'provider = "postgresql"\n');
    for (const [name, sql] of Object.entries(migrations)) {
      mkdirSync(path.join(written, name));
      writeFileSync(path.join(written, name, 'migration.sql'), sql);
    }
    return written;
  }
});

async function query(connection: pg.ClientConfig, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
