import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { holderOf, type LockHolder, tryLock } from './advisory-lock.service.js';
import { DatabaseStartError } from './database.errors.js';

/** Longer than migrations take; a machine that vanished keeps its lock until its connection is given up. */
const PATIENCE_MS = 5 * 60_000;
const SILENT_MS = 2_000;
const LOOK_MS = 250;

/** Hears who holds a lock that is waited for; undefined where nobody does any more. */
export type OnWait = (holder: LockHolder | undefined) => void;

/**
 * Takes the lock of migrations, or Prisma's, for the session of `client`. Who holds it is told once, after two seconds, by `onWait`. Throws
 * DatabaseStartError where it is still held after five minutes.
 */
export async function takeMigrationLock(
  client: pg.Client,
  onWait: OnWait,
  lock: (typeof ADVISORY_LOCKS)['MIGRATIONS' | 'PRISMA'] = ADVISORY_LOCKS.MIGRATIONS,
): Promise<void> {
  const begunAt = performance.now();
  let isTold = false;
  while (!(await tryLock(client, lock))) {
    const waited = performance.now() - begunAt;
    if (!isTold && waited > SILENT_MS) {
      isTold = true;
      onWait(await holderOf(client, lock));
    }
    if (waited > PATIENCE_MS) throw new DatabaseStartError(stillHeldBy(await holderOf(client, lock)));
    await sleep(LOOK_MS);
  }
}

function stillHeldBy(holder: LockHolder | undefined): string {
  const session = holder ? `session ${holder.pid} (${holder.application})` : 'a session';
  const cure = holder ? `select pg_terminate_backend(${holder.pid})` : 'look for it in pg_locks';
  return `DATABASE_URL: ${session} holds the lock of migrations for five minutes. If nothing migrates there any more, end it (${cure}) and start again.`;
}
