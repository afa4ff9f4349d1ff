import type pg from 'pg';
import { boundedClient } from './bounded-client.service.js';
import { setSession } from './session.service.js';

const PATIENCE_MS = 5_000;

/** What becomes of one who stays: words for its cure. */
export const SHARED_SESSIONS =
  "sessions are shared between transactions, so locks and LISTEN are lost. Use the pooler's session mode, or the server's own port";

/** A transaction pooler hands the session that one leaves idle to whoever begins a transaction; then the one is another session. */
export async function areSessionsShared(first: pg.Client, second: pg.Client): Promise<boolean> {
  await setSession(first, { lock_timeout: '2s' });
  const session = async () =>
    (await first.query<{ pid: number; lock: string }>(`select pg_backend_pid() as pid, current_setting('lock_timeout') as lock`)).rows[0]!;
  const before = await session();
  await second.query('begin');
  const after = await session();
  await second.query('rollback');
  return before.pid !== after.pid || after.lock !== '2s';
}

/** The same over connections of its own; false where they cannot be had, of which others tell. */
export async function sharesSessions(connection: pg.ClientConfig): Promise<boolean> {
  const clients = [boundedClient(connection, PATIENCE_MS), boundedClient(connection, PATIENCE_MS)] as const;
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await areSessionsShared(...clients);
  } catch {
    return false;
  } finally {
    for (const client of clients) client.end().catch(() => undefined);
  }
}
