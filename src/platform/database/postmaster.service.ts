import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { hasCode } from './database.errors.js';

/** The first process of a PostgreSQL server, as its `postmaster.pid` tells. It may be dead, or another process by now. */
export interface Postmaster {
  readonly pid: number;
  /** The folder it was started for. */
  readonly data: string;
  readonly port: number;
  readonly socket: string;
  /** False while it starts, recovers or stops. */
  readonly ready: boolean;
}

/** An unreadable `postmaster.pid` older than this is no server on its way, but what a crash left. */
const HALF_WRITTEN_MS = 3_000;

export function readPostmaster(data: string): Postmaster | undefined {
  try {
    const [pid, folder, , port, socket, , , status] = readFileSync(fileOf(data), 'utf8').split('\n');
    if (!pid || !folder || !port || !socket) return undefined;
    return { pid: Number(pid), data: folder, port: Number(port), socket, ready: status?.trim() === 'ready' };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Whether a server that answers is that of `data`: in a copy of the folder the file names the server of the original. One whose folder was moved
 * meanwhile goes on in it.
 */
export function isAtHome(data: string, { pid, data: startedFor }: Postmaster): boolean {
  if (!existsSync(fileOf(startedFor))) return true;
  // One folder may have several paths: a link, a volume mounted twice.
  return isSameFolder(startedFor, data) || isSameFolder(`/proc/${pid}/cwd`, data);
}

function isSameFolder(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one), statSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

/**
 * Whether process `pid` is the server of `data`. The command line tells, which everyone may read; a server started by hand
 * with a relative path counts as ours, since the wrong guess would end in two servers on the same data.
 */
export function isServerOf(data: string, pid: number): boolean {
  const command = commandOf(pid);
  if (command.includes(` -D ${data} `)) return true;
  return /^\S*\bpostgres( |$)/.test(command) && !command.includes(' -D /');
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * Removes the lock files of a server that is no more, where PostgreSQL would not do so itself: its number belongs to another
 * process by now, or the machine stopped while the file was written.
 */
export function clearLeftovers(data: string, socket: string): void {
  const left = readPostmaster(data);
  if (left ? !isAlive(left.pid) || isServerOf(data, left.pid) : !isHalfWritten(data)) return;
  rmSync(path.join(socket, '.s.PGSQL.5432.lock'), { force: true });
  rmSync(fileOf(data), { force: true });
}

/** How the embedded server is reached: through a socket in a folder that only its owner, and root, can enter. */
export function connectionTo(postmaster: Pick<Postmaster, 'socket' | 'port'>): pg.ClientConfig {
  return { host: postmaster.socket, port: postmaster.port, user: 'centralita', database: 'postgres', ssl: false };
}

function fileOf(data: string): string {
  return path.join(data, 'postmaster.pid');
}

function isHalfWritten(data: string): boolean {
  const stat = statSync(fileOf(data), { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > HALF_WRITTEN_MS;
}

/** Words parted and ended by a space; empty where there is no such process, or it is dead and not yet buried. */
function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return (
      execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() +
      ' '
    );
  } catch {
    return '';
  }
}
