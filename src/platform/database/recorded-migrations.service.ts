import type pg from 'pg';

/** What Prisma's table of migrations says, by name. */
export interface RecordedMigrations {
  readonly applied: ReadonlySet<string>;
  /** Also those that failed, or were under way when a process died. */
  readonly all: ReadonlySet<string>;
}

/** To be asked where the table is there. */
export async function readRecorded(client: pg.ClientBase): Promise<RecordedMigrations> {
  const { rows } = await client.query<{ name: string; applied: boolean }>(
    'select migration_name as name, finished_at is not null and rolled_back_at is null as applied from _prisma_migrations',
  );
  const namesOf = (some: typeof rows) => new Set(some.map(({ name }) => name));
  return { applied: namesOf(rows.filter(({ applied }) => applied)), all: namesOf(rows) };
}
