import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgres } from '../dist/platform/database/embedded-postgres.service.js';

/** As `npm start` starts it. */
const AS_STARTED = ['--min-semi-space-size=32', '--max-semi-space-size=96'];

/** What every measured server is configured with. */
export const SETTING = {
  ADMIN_API_KEY: 'benchmark-administrator-key-0000',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: '00000000000000000000000000000000',
  PUBLIC_URL: 'https://hub.example',
};

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** One PostgreSQL for the whole run, as the product brings it: fsync on. */
export async function startPostgres() {
  const home = mkdtempSync(path.join(tmpdir(), 'centralita-bench-'));
  const server = await EmbeddedPostgres.start(home, { info() {}, warn: console.error, error: console.error });
  const administer = async (text) => {
    const client = new pg.Client({ ...server.connection });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  return {
    /** A database of its own for each measured process; what it returns drops it. */
    async createDatabase() {
      const name = `bench_${process.hrtime.bigint()}`;
      await administer(`create database ${name}`);
      const { host, port, user, password } = server.connection;
      const url = `postgresql://${user}${password ? `:${encodeURIComponent(password)}` : ''}@localhost${port ? `:${port}` : ''}/${name}?host=${encodeURIComponent(host)}`;
      return { url, drop: () => administer(`drop database ${name} with (force)`) };
    },
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A measured server: a process of its own. `cpuSeconds` is that process alone. */
export async function startServer(file, args, env) {
  const home = mkdtempSync(path.join(tmpdir(), 'centralita-bench-'));
  const port = await freePort();
  const child = spawn(process.execPath, [...AS_STARTED, file, ...args], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ...SETTING,
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      HOST: '127.0.0.1',
      DATA_DIR: home,
      PORT: String(port),
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; ; i++) {
    if ((await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) break;
    if (i > 300 || child.exitCode !== null) throw new Error(`${file} did not start`);
    await sleep(100);
  }
  return {
    url,
    port,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export async function ask(url, query) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SETTING.ADMIN_API_KEY}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Runs a load to its end: a process of its own, whose last line is its report. */
export async function runLoad(file, env) {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...SETTING, ...env } });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  await once(child, 'close');
  return JSON.parse(output.trim().split('\n').at(-1));
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** `median (lowest–highest)`. */
export function spread(values, digits = 0) {
  const show = (value) => value.toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
}
