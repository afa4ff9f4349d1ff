import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

/** Brings the queue's own schema, `graphile_worker`, to this version's. The caller holds the lock of migrations. */
export async function migrateJobs(connection: pg.ClientConfig): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 1, application_name: 'centralita migrations' });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool, parsedCronItems: [], logger: new Logger(() => () => undefined) });
  } finally {
    await pool.end();
  }
}
