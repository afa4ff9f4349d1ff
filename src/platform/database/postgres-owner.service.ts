import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseStartError, hasCode } from './database.errors.js';

/** The user PostgreSQL runs as. PostgreSQL refuses to be root's. */
export interface PostgresOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who runs the server: this user; for root the owner of the data there already is, else `postgres`, else `nobody`.
 * Throws DatabaseStartError where this user may not run the data that is there.
 */
export function findOwner(data: string): PostgresOwner {
  const self = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  const keeper = ownerOf(data);
  if (self.uid !== 0) {
    if (!keeper || keeper.uid === self.uid) return self;
    throw new DatabaseStartError(
      `The database in ${data} belongs to user ${keeper.uid}: start Centralita as that user or as root, or set another DATA_DIR.`,
    );
  }
  const owner = keeper && keeper.uid !== 0 ? keeper : (passwdEntry('postgres') ?? passwdEntry('nobody'));
  if (owner) return owner;
  throw new DatabaseStartError(
    'PostgreSQL does not run as root, and /etc/passwd names neither `postgres` nor `nobody`: start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether `owner` may enter a folder and every folder above it. What does not exist yet stands in nobody's way. */
export function canEnter(folder: string, owner: PostgresOwner): boolean {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const stat = statSync(current, { throwIfNoEntry: false });
    if (stat && !(stat.mode & bitOf(stat, owner))) return false;
    if (current === path.dirname(current)) return true;
  }
}

function bitOf(stat: PostgresOwner, owner: PostgresOwner): number {
  if (stat.uid === owner.uid) return 0o100;
  return stat.gid === owner.gid ? 0o010 : 0o001;
}

function ownerOf(data: string): PostgresOwner | undefined {
  try {
    return statSync(data);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new DatabaseStartError(
      `The database in ${data} is not this user's: start Centralita as its owner or as root, or set another DATA_DIR.`,
      { cause: error },
    );
  }
}

function passwdEntry(name: string): PostgresOwner | undefined {
  let passwd: string;
  try {
    passwd = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return undefined;
  }
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  // Written as signed by some systems (macOS: nobody is -2).
  return fields && { uid: Number(fields[2]) >>> 0, gid: Number(fields[3]) >>> 0 };
}

/** What `spawn` needs to run a program as `owner`. Only root may, and need, change user. */
export function asUser(owner: PostgresOwner): Partial<PostgresOwner> {
  return process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : {};
}

/** The whole environment of PostgreSQL's programs: none of our secrets, and English messages, which we read. */
export const POSTGRES_ENVIRONMENT: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', HOME: '/', LC_ALL: 'C', TZ: 'UTC' };
