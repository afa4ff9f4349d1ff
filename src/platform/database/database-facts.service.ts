import type pg from 'pg';
import { boundedClient } from './bounded-client.service.js';
import { type DatabaseFacts, refuseDatabase } from './database-facts.js';
import { DatabaseStartError } from './database.errors.js';

const PATIENCE_MS = 5_000;
const TABLE = `select n.nspname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.relkind = 'r'`;

/** What a session finds. Its schema is where what has no schema in its name is made; with one that is not there, or closed to the role, there is none. */
export async function readFacts(client: pg.ClientBase): Promise<DatabaseFacts> {
  const { rows } = await client.query<DatabaseFacts>(`
    select current_schema() as schema, current_setting('search_path') as "searchPath", current_setting('server_encoding') as encoding, current_setting('server_version_num')::integer as version,
      current_setting('transaction_read_only') = 'on' as "isReadOnly",
      coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreateTables",
      has_database_privilege(current_database(), 'create') as "mayCreateSchemas",
      exists (select 1 from pg_namespace where nspname = 'graphile_worker') as "hasJobs",
      exists (${TABLE} and c.relname = '_prisma_migrations' and n.nspname = current_schema()) as "hasMigrations",
      (select min(nspname) from (${TABLE} and c.relname in ('_prisma_migrations', 'feed_head') and n.nspname <> current_schema()
        group by n.nspname having count(*) = 2) as others) as "otherSchema"`);
  return rows[0]!;
}

/** What a database that answers is. Throws DatabaseStartError where it is none for us. */
export async function inspectDatabase(connection: pg.ClientConfig, where: string): Promise<DatabaseFacts & { readonly schema: string }> {
  const client = boundedClient(connection, PATIENCE_MS);
  try {
    await client.connect();
    const facts = await readFacts(client);
    const refusal = refuseDatabase(facts);
    if (refusal !== undefined) throw new DatabaseStartError(`DATABASE_URL: ${where} ${refusal}`);
    return { ...facts, schema: facts.schema! };
  } finally {
    client.end().catch(() => undefined);
  }
}
