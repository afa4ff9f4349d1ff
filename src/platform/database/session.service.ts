import pg from 'pg';

/**
 * A statement waits for a lock, or a transaction for its next statement, no longer than a provider waits for us; and it ends before we stop waiting for
 * it, or the server would work on for nobody. Times are in UTC and as ISO has them, whatever the database says: Prisma's adapter takes what it reads for that.
 */
const SETTINGS = {
  lock_timeout: '2s',
  statement_timeout: '14s',
  idle_in_transaction_session_timeout: '5s',
  timezone: 'UTC',
  datestyle: 'ISO',
};

/** PostgreSQL's own code of it: `read_only_sql_transaction`. */
const READ_ONLY = '25006';

/**
 * Gives a connection its settings, and resolves when it has them. By SET, and not by `options` as it connects: a session pooler refuses those,
 * or forgets them and says nothing. Throws where nothing can be written: after a failover the name of the server may lead to the one that was
 * the primary, and who stayed there would read what is old and hold locks that nobody sees.
 */
export async function setSession(client: pg.ClientBase, settings: Readonly<Record<string, string>>): Promise<void> {
  const set = Object.entries(settings).map(([name, value]) => `set ${name} = ${pg.escapeLiteral(value)}`);
  const results = (await client.query([...set, SHOW_READ_ONLY].join('; '))) as unknown as pg.QueryResult[];
  refuseReadOnly(results.at(-1)!);
}

const SHOW_READ_ONLY = 'show transaction_read_only';

/** Whether a session may write. Throws where it may not. */
export async function requireWritable(client: pg.ClientBase): Promise<void> {
  refuseReadOnly(await client.query(SHOW_READ_ONLY));
}

function refuseReadOnly({ rows }: pg.QueryResult): void {
  const [row] = rows as { transaction_read_only?: string }[];
  if (row?.transaction_read_only !== 'off') throw Object.assign(new Error('the server is read-only, as a standby is'), { code: READ_ONLY });
}

/** For a pool, which waits for it though its types do not say so: no statement runs on a connection before it has our settings, and `more` of them; one that cannot have them is given up. */
export function withSettings(more: Readonly<Record<string, string>> = {}): { onConnect(client: pg.ClientBase): Promise<void> } {
  const settings = { ...SETTINGS, ...more };
  return {
    onConnect: (client) =>
      setSession(client, settings).catch((error: unknown) => {
        (client as pg.Client).connection.stream.destroy();
        throw error;
      }),
  };
}
