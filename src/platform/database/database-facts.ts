/** What a database is for a role that was let in. */
export interface DatabaseFacts {
  /** Where what has no schema in its name is made; null where the search path names none that is there and open to the role. */
  readonly schema: string | null;
  readonly searchPath: string;
  /** `server_version_num`: 180004 is 18.4. */
  readonly version: number;
  /** PostgreSQL's name of it. */
  readonly encoding: string;
  /** As a standby is, and a database or a role that was set so. */
  readonly isReadOnly: boolean;
  readonly mayCreateTables: boolean;
  readonly mayCreateSchemas: boolean;
  /** Whether the job queue's own schema is there. */
  readonly hasJobs: boolean;
  /** Whether the schema has Prisma's table of migrations: ours, or another program's. */
  readonly hasMigrations: boolean;
  /** Another schema of the database that has a Centralita in it. */
  readonly otherSchema: string | null;
}

/** The oldest that has all that our migrations use. */
const OLDEST = 140_000;

/** Why the database cannot be used, and the cure, in words that follow its name; undefined where it can. */
export function refuseDatabase({ schema, searchPath, version, encoding, isReadOnly }: DatabaseFacts): string | undefined {
  if (version < OLDEST) return `is PostgreSQL ${Math.floor(version / 10_000)}, and Centralita wants 14 or newer. Name one that is`;
  if (encoding !== 'UTF8')
    return `keeps text as ${encoding}, which has not all that people write. Name a database that has UTF8: create database … encoding 'UTF8' template template0`;
  if (isReadOnly) return 'is read-only for us: a standby, or default_transaction_read_only is on. Name the primary, or let the role write';
  if (schema === null)
    return `has no schema for us: of its search_path (${searchPath}) none is there and open to the role. Make one (create schema … authorization …), or set another search_path`;
  return undefined;
}

/** Why migrations cannot be applied, and the cure; undefined where they can. `behind`: tables are to be made or changed. */
export function refuseMigrations(
  { schema, mayCreateTables, mayCreateSchemas, hasJobs, hasMigrations, otherSchema }: DatabaseFacts,
  { behind }: { readonly behind: boolean },
): string | undefined {
  if (!hasMigrations && otherSchema !== null)
    return `its schema ${otherSchema} has a Centralita in it already, and two in one database would take each other's jobs. Name that schema (?schema=${otherSchema}), or another database`;
  if (behind && !mayCreateTables)
    return `the role may not make tables in the schema ${schema}. As the schema's owner: grant create on schema "${schema}" to <the role>`;
  if (!hasJobs && !mayCreateSchemas)
    return 'the role may not make schemas in the database, and jobs have one of their own. As the owner: grant create on database <the database> to <the role>';
  return undefined;
}
