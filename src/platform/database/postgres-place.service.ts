import { randomBytes, createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeFolder } from '../config/make-folder.service.js';
import { reasonOf } from '../errors/reason-of.js';
import { DatabaseStartError, hasCode } from './database.errors.js';
import { type PostgresOwner, asUser, canEnter, findOwner } from './postgres-owner.service.js';

/** The folders of one embedded PostgreSQL, all of its owner alone. */
export interface PostgresPlace {
  readonly owner: PostgresOwner;
  /** Holds all the others but, at times, `socket`. A real path. */
  readonly home: string;
  readonly data: string;
  readonly socket: string;
  readonly log: string;
}

/** Where root keeps what the owner could not reach elsewhere. Not under /var/tmp, which systems clean. */
export const AWAY = '/var/lib/centralita';

/** macOS allows 104 bytes for a socket's path with its final zero, Linux 108. */
const SOCKET_PATH_MAX_BYTES = 103;
const SOCKET_NAME = '/.s.PGSQL.5432';

/**
 * Makes the folders of the PostgreSQL of `dataDir`, or finds those of an earlier start: DATA_DIR/postgres, a folder or, where
 * the owner could not enter it, a link to one elsewhere. The link is the only memory of that place: without it, one begins afresh.
 */
export function preparePlace(dataDir: string): PostgresPlace {
  const entry = path.join(dataDir, 'postgres');
  makeDataDir(dataDir);
  const owner = findOwner(path.join(entry, 'data'));
  letOwnerPass(dataDir, owner);
  const home = findHome(entry) ?? makeHome(entry, owner);
  if (!reachable(path.dirname(home), owner)) {
    throw new DatabaseStartError(
      `User ${owner.uid}, who runs the database in ${home}, cannot enter a folder above it: allow it (chmod o+x), or set another DATA_DIR.`,
    );
  }
  ownFolder(home, owner);
  return { owner, home, data: path.join(home, 'data'), socket: makeSocketFolder(home, owner), log: path.join(home, 'postgres.log') };
}

function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir, 0o700);
  } catch (error) {
    throw new DatabaseStartError(`DATA_DIR ${dataDir} cannot be made (${reasonOf(error)}): set it to a folder this user can write.`, {
      cause: error,
    });
  }
}

/** Another user must pass through DATA_DIR, not list it. Only worth it, and only done, where nothing above stops him. */
function letOwnerPass(dataDir: string, owner: PostgresOwner): void {
  const stat = statSync(dataDir);
  if (stat.uid !== process.getuid?.() || reachable(dataDir, owner) || !reachable(path.dirname(realpathSync(dataDir)), owner)) return;
  chmodSync(dataDir, (stat.mode & 0o7777) | 0o011);
}

function reachable(folder: string, owner: PostgresOwner): boolean {
  return owner.uid === process.getuid?.() || canEnter(realpathSync(folder), owner);
}

function findHome(entry: string): string | undefined {
  if (!lstatSync(entry, { throwIfNoEntry: false })) return undefined;
  try {
    return realpathSync(entry);
  } catch (error) {
    throw new DatabaseStartError(
      `${entry} points to a folder that is gone: bring the database back there, or remove the link to begin with an empty one.`,
      { cause: error },
    );
  }
}

function makeHome(entry: string, owner: PostgresOwner): string {
  const inPlace = reachable(path.dirname(entry), owner);
  try {
    if (inPlace) mkdirSync(entry, { mode: 0o700 });
    else linkAway(entry, owner);
  } catch (error) {
    // Another process was quicker.
    if (!hasCode(error, 'EEXIST'))
      throw new DatabaseStartError(`No place for the database of ${entry} (${reasonOf(error)}): set another DATA_DIR, or DATABASE_URL.`, {
        cause: error,
      });
  }
  return realpathSync(entry);
}

function linkAway(entry: string, owner: PostgresOwner): void {
  mkdirSync(AWAY, { recursive: true, mode: 0o711 });
  const home = path.join(AWAY, `${path.basename(path.dirname(path.dirname(entry)))}-${randomBytes(4).toString('hex')}`);
  ownFolder(home, owner);
  try {
    symlinkSync(home, entry);
  } catch (error) {
    rmdirSync(home);
    throw error;
  }
}

/** In `home`, or in a short folder of the same owner where that path would be too long for a socket. */
function makeSocketFolder(home: string, owner: PostgresOwner): string {
  const name = `centralita-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  const candidates = [path.join(home, 'socket'), path.join(os.tmpdir(), name), path.join('/tmp', name)];
  const fits = (folder: string) =>
    Buffer.byteLength(folder + SOCKET_NAME) <= SOCKET_PATH_MAX_BYTES && reachable(path.dirname(folder), owner);
  const folder = candidates.find(fits);
  if (!folder)
    throw new DatabaseStartError(
      `No folder for PostgreSQL's socket: ${home} is too long a path and ${os.tmpdir()} is closed to user ${owner.uid}. Set a shorter DATA_DIR.`,
    );
  ownFolder(folder, owner);
  return folder;
}

/** Makes `folder`, or takes it if it is `owner`'s (or was made by us for him a moment ago); by descriptor, so that no link can be put in its place. */
function ownFolder(folder: string, owner: PostgresOwner): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(descriptor);
    if (stat.uid !== owner.uid && stat.uid !== process.getuid?.())
      throw new DatabaseStartError(`${folder} belongs to user ${stat.uid}, not ${owner.uid}: remove it, or set another DATA_DIR.`);
    if (stat.uid !== owner.uid && asUser(owner).uid !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
    if ((stat.mode & 0o777) !== 0o700) fchmodSync(descriptor, 0o700);
  } finally {
    closeSync(descriptor);
  }
}
