import type pg from 'pg';
import { type ADVISORY_LOCKS } from './advisory-locks.js';

/** The session that holds an advisory lock. */
export interface LockHolder {
  readonly pid: number;
  readonly application: string;
}

/** Who holds one of our locks of one key in this database; undefined where nobody does any more. */
export async function holderOf(
  client: pg.Client,
  lock: (typeof ADVISORY_LOCKS)['MIGRATIONS' | 'DATA_DIR'],
): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `select a.pid, a.application_name as application from pg_locks as l join pg_stat_activity as a using (pid)
     where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.objsubid = 1 and l.granted
       and l.database = (select oid from pg_database where datname = current_database())`,
    [lock],
  );
  return rows[0];
}
