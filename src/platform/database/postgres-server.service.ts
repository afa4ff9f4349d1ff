import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, fchownSync, fstatSync, openSync, readFileSync, renameSync, statfsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from './reachability.service.js';
import { reasonOf } from '../errors/reason-of.js';
import { DatabaseStartError } from './database.errors.js';
import { complaintOf } from './postgres-complaint.js';
import { findBinaries } from './postgres-binaries.service.js';
import { makeData } from './postgres-data.service.js';
import { POSTGRES_ENVIRONMENT, asUser } from './postgres-owner.service.js';
import { type PostgresPlace } from './postgres-place.service.js';
import { type Postmaster, clearLeftovers, connectionTo, isAtHome, isServerOf, readPostmaster } from './postmaster.service.js';

/** Long enough to replay what a crash left in the log: at most 1 GB (`max_wal_size`). */
const PATIENCE_MS = 120_000;
const MAX_PAUSE_MS = 500;
const STOP_PATIENCE_MS = 8_000;
const LOG_MAX_BYTES = 5_000_000;

/** Durability is as PostgreSQL has it. The log names errors, not the statements or values in them: those are people's messages. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '60',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** What PostgreSQL says where another process starts the same server, or the last processes of a killed one are still leaving. */
const PASSING = /lock file|is still in use/;

/**
 * The running server of `place`: adopted if there is one, else started, as a process that outlives this one. Several
 * processes may ask at once. Throws DatabaseStartError, or an AbortError when `signal` ends the wait.
 */
export async function ensureServer(place: PostgresPlace, signal: AbortSignal): Promise<Postmaster> {
  const wait = new AbortController();
  try {
    return await awaitServer(place, signal, wait.signal);
  } finally {
    wait.abort();
  }
}

/** What it starts is stopped when `signal` ends the wait, until `over` says that there is none any more. */
async function awaitServer(place: PostgresPlace, signal: AbortSignal, over: AbortSignal): Promise<Postmaster> {
  const deadline = performance.now() + PATIENCE_MS;
  let complaint = 'it does not answer';
  for (let pauseMs = 10; performance.now() < deadline; pauseMs = Math.min(pauseMs * 1.5, MAX_PAUSE_MS)) {
    const found = readPostmaster(place.data);
    if (found && isAtHome(place.data, found) && (await answers(connectionTo(found)))) return found;
    if (!found || !isServerOf(place.data, found.pid)) {
      complaint = (await startServer(place, signal, over)) ?? complaint;
      if (!PASSING.test(complaint) && readPostmaster(place.data) === undefined) break;
    }
    await sleep(pauseMs, undefined, { signal });
  }
  throw new DatabaseStartError(`The embedded PostgreSQL in ${place.home} does not start (${complaint}): see ${place.log}.`);
}

/** Stops the server of `place` in order: connections are closed, all is on disk. False where it takes longer than we wait. */
export async function stopServer(place: PostgresPlace): Promise<boolean> {
  const found = readPostmaster(place.data);
  if (!found || !isServerOf(place.data, found.pid)) return true;
  process.kill(found.pid, 'SIGINT');
  for (const deadline = performance.now() + STOP_PATIENCE_MS; performance.now() < deadline; await sleep(10)) {
    if (!isServerOf(place.data, found.pid)) return true;
  }
  return false;
}

/** Undefined when it is ready, else what it said at its end. */
async function startServer(place: PostgresPlace, signal: AbortSignal, over: AbortSignal): Promise<string | undefined> {
  const binaries = await findBinaries(place);
  await makeData(place, binaries);
  signal.throwIfAborted();
  clearLeftovers(place.data, place.socket);
  const log = openLog(place);
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: place.socket }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = spawn(binaries.postgres, ['-D', place.data, ...settings], {
    ...asUser(place.owner),
    cwd: '/',
    env: POSTGRES_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  server.unref();
  signal.addEventListener('abort', () => server.kill('SIGINT'), { once: true, signal: over });
  const failure = await readyOrEnded(server, place.data, signal);
  return failure && complaintSince(log.startBytes, place, failure);
}

async function readyOrEnded(server: ChildProcess, data: string, signal: AbortSignal): Promise<string | undefined> {
  let end: string | undefined;
  server.on('error', (error) => (end = reasonOf(error)));
  server.on('exit', (code, killedBy) => (end = `ended with ${killedBy ?? code}`));
  while (end === undefined) {
    const found = readPostmaster(data);
    if (found?.ready && found.pid === server.pid) break;
    await sleep(10, undefined, { signal });
  }
  return end;
}

/** Appended to, and put aside when it has grown; never through a link, since its folder is not root's. */
function openLog(place: PostgresPlace): { descriptor: number; startBytes: number } {
  if ((statSync(place.log, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES) renameSync(place.log, `${place.log}.old`);
  const descriptor = openSync(place.log, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  if (asUser(place.owner).uid !== undefined) fchownSync(descriptor, place.owner.uid, place.owner.gid);
  return { descriptor, startBytes: fstatSync(descriptor).size };
}

function complaintSince(startBytes: number, { log, home }: PostgresPlace, end: string): string {
  const { bavail, bsize } = statfsSync(home);
  return complaintOf(readFileSync(log).subarray(startBytes).toString('utf8'), end, bavail * bsize);
}
