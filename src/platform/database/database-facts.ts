/** What a database is for a role that was let in. */
export interface DatabaseFacts {
  /** Where what has no schema in its name is made; null where the search path names none that is there and open to the role. */
  readonly schema: string | null;
  readonly searchPath: string;
}

/** Why the database cannot be used, and the cure, in words that follow its name; undefined where it can. */
export function refuseDatabase({ schema, searchPath }: DatabaseFacts): string | undefined {
  if (schema === null)
    return `has no schema for us: none of the search_path (${searchPath}) is there and open to the role. Create one (create schema …), or set another search_path.`;
  return undefined;
}
