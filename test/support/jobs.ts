import { type TestDatabase } from './database.js';

/** Makes every job that waits for a later time due now. */
export async function hurryJobs(database: TestDatabase): Promise<void> {
  await database.query('update graphile_worker._private_jobs set run_at = now() where run_at > now()');
}

/** As if every job that waits had been tried so often already. */
export async function wearJobs(database: TestDatabase, attempts: number): Promise<void> {
  await database.query('update graphile_worker._private_jobs set attempts = $1, run_at = now() where locked_at is null', [attempts]);
}

/** How many jobs there are, waiting or running, for that attachment or at all. */
export async function countJobs(database: TestDatabase, attachmentId?: string): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    `select count(*)::int as n from graphile_worker._private_jobs where payload ->> 'attachmentId' = $1 or $1 is null`,
    [attachmentId ?? null],
  );
  return row!.n;
}
