import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../dist/platform/database/embedded-postgres.service.js';
import { applyMigrations } from '../../dist/platform/database/migrations.service.js';

const log = { info() {}, warn: console.warn, error: console.error };

/** One PostgreSQL for all promises; `template` holds the schema, and each server gets a copy. */
export default async function globalSetup() {
  const folder = mkdtempSync(path.join(tmpdir(), 'centralita-test-'));
  const server = await EmbeddedPostgres.start(folder, log);
  globalThis.centralitaTest = { server, folder };
  const { host, port, user, password } = server.connection;
  const client = new pg.Client({ ...server.connection });
  await client.connect();
  await client.query('create database template');
  await client.end();
  await applyMigrations({ ...server.connection, database: 'template' }, path.resolve('prisma/migrations'));
  process.env.TEST_DATABASE = JSON.stringify({ host, port, user, password });
}
