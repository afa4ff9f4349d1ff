import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgres } from '../../dist/platform/database/embedded-postgres.service.js';
import { applyMigrations } from '../../dist/platform/database/migrations.service.js';

const log = { info() {}, warn: console.warn, error: console.error };

/** One PostgreSQL for all promises: `template` holds the schema, and each server gets a copy. Two hosts of servers for each worker. */
export default async function globalSetup({ maxWorkers }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'centralita-test-'));
  const server = await EmbeddedPostgres.start(folder, log);
  const hosts = Array.from({ length: maxWorkers }, (_, i) => [`${i + 1}`, `${i + 1}-besides`]).flat();
  globalThis.centralitaTest = { server, folder, hosts: await Promise.all(hosts.map((name) => startHost(path.join(folder, name)))) };
  const { host, port, user, password } = server.connection;
  const client = new pg.Client({ ...server.connection });
  await client.connect();
  await client.query('create database template');
  await client.end();
  await applyMigrations({ ...server.connection, database: 'template' }, path.resolve('prisma/migrations'));
  process.env.TEST_SERVER_HOSTS = folder;
  process.env.TEST_DATABASE = JSON.stringify({ host, port, user, password });
}

/** Loads nothing before it is asked for a server. */
async function startHost(socketPath) {
  const host = spawn(process.execPath, [path.join(import.meta.dirname, 'server-host.js'), socketPath], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  while (!existsSync(socketPath)) await sleep(10);
  return host;
}
