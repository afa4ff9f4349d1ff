import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { reasonOf } from '../errors/reason-of.js';
import { DatabaseStartError, hasCode } from './database.errors.js';
import { type PostgresBinaries } from './postgres-binaries.service.js';
import { POSTGRES_ENVIRONMENT, asUser } from './postgres-owner.service.js';
import { type PostgresPlace } from './postgres-place.service.js';
import { isAlive } from './postmaster.service.js';

const run = promisify(execFile);

/** `trust` is for the socket alone, whose folder only the owner enters; nothing listens on TCP. */
const INITDB_ARGUMENTS = [
  '-U',
  'centralita',
  '--auth-local=trust',
  '--auth-host=reject',
  '-E',
  'UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

/**
 * Makes the data folder where there is none. It appears whole, by one rename, so a crash leaves none or a good one, and of
 * several processes at once the first wins. Throws DatabaseStartError where the data is another major version's.
 */
export async function makeData(place: PostgresPlace, binaries: PostgresBinaries): Promise<void> {
  if (existsSync(place.data)) return checkVersion(place.data, binaries.major);
  removeUnfinished(place.home);
  const unfinished = path.join(place.home, `unfinished-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await run(binaries.initdb, ['-D', unfinished, ...INITDB_ARGUMENTS], { ...asUser(place.owner), cwd: '/', env: POSTGRES_ENVIRONMENT });
    renameSync(unfinished, place.data);
    syncFolder(place.home);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return;
    throw new DatabaseStartError(
      `The embedded database could not be made in ${place.data} (${complaintOf(error)}): set another DATA_DIR, or DATABASE_URL.`,
      { cause: error },
    );
  }
}

function checkVersion(data: string, major: string): void {
  let found: string;
  try {
    found = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw new DatabaseStartError(`${data} is not a PostgreSQL database (${reasonOf(error)}): restore it, or set another DATA_DIR.`, {
      cause: error,
    });
  }
  if (found === major) return;
  throw new DatabaseStartError(
    `${data} was made by PostgreSQL ${found}, and this Centralita carries ${major}: start the Centralita that made it, and move the data with a dump.`,
  );
}

/** What a process killed during initdb left. */
function removeUnfinished(home: string): void {
  for (const name of readdirSync(home)) {
    const [, pid] = /^unfinished-(\d+)-/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(home, name), { recursive: true, force: true, maxRetries: 20 });
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** The line of initdb that says what is wrong. */
function complaintOf(error: unknown): string {
  const lines = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).split('\n') : [];
  return lines.findLast((line) => /error:|FATAL:/.test(line))?.trim() ?? reasonOf(error);
}
