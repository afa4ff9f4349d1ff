import pg from 'pg';

/** A connection for a look: neither it nor a statement of it takes longer than `timeoutMs`, and its loss ends nothing but what waits for it. */
export function boundedClient(connection: pg.ClientConfig, timeoutMs: number, name = 'centralita probe'): pg.Client {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs, application_name: name });
  client.on('error', () => undefined);
  return client;
}
