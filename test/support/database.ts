import { randomBytes } from 'node:crypto';
import pg from 'pg';

const connection = JSON.parse(process.env.TEST_DATABASE!) as { host: string; port?: number; user: string; password?: string };

export interface TestDatabase {
  readonly url: string;
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  /** A connection of its own, to hold a lock with. */
  connect(): Promise<pg.Client>;
  drop(): Promise<void>;
}

/** A database of its own, as a first start leaves it: migrated and empty. Other `options` of CREATE DATABASE make another. */
export async function createDatabase(options = 'template template'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} ${options}`);
  const pool = new pg.Pool({ ...connection, database: name, max: 2 });
  pool.on('error', () => undefined);
  return {
    url: urlOf(name),
    query: async (text, values) => (await pool.query(text, values)).rows,
    connect: async () => {
      const client = new pg.Client({ ...connection, database: name });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    drop: async () => {
      await pool.end();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** Cuts every connection to a database and lets no new one in, until the function it returns is called: as when it is away. */
export async function takeAway(database: TestDatabase): Promise<() => Promise<void>> {
  const name = new URL(database.url).pathname.slice(1);
  await administer(`alter database ${name} with allow_connections false`);
  await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`);
  return () => administer(`alter database ${name} with allow_connections true`);
}

/** Makes a backup, for which every connection is cut. The function it returns puts it in the database's place, once. */
export async function backUp(database: TestDatabase): Promise<() => Promise<void>> {
  const name = new URL(database.url).pathname.slice(1);
  const bringBack = await takeAway(database);
  await administer(`create database ${name}_backup template ${name}`);
  await bringBack();
  return async () => {
    await takeAway(database);
    await administer(`drop database ${name} with (force)`);
    await administer(`alter database ${name}_backup rename to ${name}`);
  };
}

function urlOf(name: string): string {
  const { host, port, user, password } = connection;
  const credentials = password ? `${user}:${encodeURIComponent(password)}` : user;
  return `postgresql://${credentials}@localhost${port ? `:${port}` : ''}/${name}?host=${encodeURIComponent(host)}`;
}

async function administer(text: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
