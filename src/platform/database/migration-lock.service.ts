import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { DatabaseStartError } from './database.errors.js';

/** The session that holds the lock. */
export interface LockHolder {
  readonly pid: number;
  readonly application: string;
}

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
      onWait(await holderOf(client));
    }
    if (waited > PATIENCE_MS) throw new DatabaseStartError(stillHeldBy(await holderOf(client)));
    await sleep(LOOK_MS);
  }
}

async function tryToTake(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [ADVISORY_LOCKS.MIGRATIONS]);
  return rows[0]!.taken;
}

async function holderOf(client: pg.Client): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `select a.pid, a.application_name as application from pg_locks as l join pg_stat_activity as a using (pid)
     where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.objsubid = 1 and l.granted
       and l.database = (select oid from pg_database where datname = current_database())`,
    [ADVISORY_LOCKS.MIGRATIONS],
  );
  return rows[0];
}

function stillHeldBy(holder: LockHolder | undefined): string {
  const session = holder ? `session ${holder.pid} (${holder.application})` : 'a session';
  const cure = holder ? `select pg_terminate_backend(${holder.pid})` : 'look for it in pg_locks';
  return `DATABASE_URL: ${session} holds the lock of migrations for five minutes. If nothing migrates there any more, end it (${cure}) and start again.`;
}
