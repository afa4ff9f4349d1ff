import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { DatabaseStartError } from './database.errors.js';
import { holderOf, type LockHolder } from './lock-holder.service.js';

/** Longer than migrations take; a machine that vanished keeps its lock until its connection is given up. */
const PATIENCE_MS = 5 * 60_000;
const SILENT_MS = 2_000;
const LOOK_MS = 250;

/**
 * Takes the lock of migrations for the session of `client`. Who holds it is told once, after two seconds, by `onWait`. Throws DatabaseStartError where it
 * is still held after five minutes.
 */
export async function takeMigrationLock(client: pg.Client, onWait: (holder: LockHolder | undefined) => void): Promise<void> {
  const begunAt = performance.now();
  let isTold = false;
  while (!(await tryToTake(client))) {
    const waited = performance.now() - begunAt;
    if (!isTold && waited > SILENT_MS) {
      isTold = true;
      onWait(await holderOf(client, ADVISORY_LOCKS.MIGRATIONS));
    }
    if (waited > PATIENCE_MS) throw new DatabaseStartError(stillHeldBy(await holderOf(client, ADVISORY_LOCKS.MIGRATIONS)));
    await sleep(LOOK_MS);
  }
}

async function tryToTake(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [ADVISORY_LOCKS.MIGRATIONS]);
  return rows[0]!.taken;
}

function stillHeldBy(holder: LockHolder | undefined): string {
  const session = holder ? `session ${holder.pid} (${holder.application})` : 'a session';
  const cure = holder ? `select pg_terminate_backend(${holder.pid})` : 'look for it in pg_locks';
  return `DATABASE_URL: ${session} holds the lock of migrations for five minutes. If nothing migrates there any more, end it (${cure}) and start again.`;
}
