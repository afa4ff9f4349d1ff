import type pg from 'pg';
import { type ADVISORY_LOCKS } from './advisory-locks.js';

/** Those of one key that a session holds. */
type SessionLock = (typeof ADVISORY_LOCKS)['MIGRATIONS' | 'PRISMA' | 'DATA_DIR'];

/** The session that holds one. */
export interface LockHolder {
  readonly pid: number;
  readonly application: string;
}

/** Whether the session of `client` has it now; false where another has it. */
export async function tryLock(client: pg.Client, lock: SessionLock): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lock]);
  return rows[0]!.taken;
}

/** Who holds it in this database; undefined where nobody does any more. */
export async function holderOf(client: pg.Client, lock: SessionLock): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `select a.pid, a.application_name as application from pg_locks as l join pg_stat_activity as a using (pid)
     where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.objsubid = 1 and l.granted
       and l.database = (select oid from pg_database where datname = current_database())`,
    [lock],
  );
  return rows[0];
}
