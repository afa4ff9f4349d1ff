import pg from 'pg';

/**
 * A statement waits for a lock, or a transaction for its next statement, no longer than a provider waits for us. Times are in UTC and as ISO has
 * them, whatever the database says: Prisma's adapter takes what it reads for that.
 */
const SETTINGS = { lock_timeout: '2s', idle_in_transaction_session_timeout: '5s', timezone: 'UTC', datestyle: 'ISO' };

/**
 * Gives a connection its settings, and resolves when it has them. By SET, and not by `options` as it connects: a session pooler refuses those,
 * or forgets them and says nothing.
 */
export async function setSession(client: pg.ClientBase, settings: Readonly<Record<string, string>>): Promise<void> {
  await client.query(
    Object.entries(settings)
      .map(([name, value]) => `set ${name} = ${pg.escapeLiteral(value)}`)
      .join('; '),
  );
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
