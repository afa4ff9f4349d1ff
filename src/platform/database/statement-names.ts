import { createHash } from 'node:crypto';

/** Each name is a plan kept by the server for every connection. */
const MAX_NAMES = 256;
/** A longer list of parameters is an `in (…)` of the moment: its text will hardly come again. */
const MAX_PARAMETERS = 80;

/**
 * Names for prepared statements: the same SQL has the same name, so it is parsed and planned once a connection.
 * Empty, which means not prepared, for what would fill the server's memory with plans.
 */
export function statementNames(): (query: { readonly sql: string; readonly args: readonly unknown[] }) => string {
  const names = new Map<string, string>();
  return ({ sql, args }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_NAMES || args.length > MAX_PARAMETERS) return '';
    const name = `p_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`;
    names.set(sql, name);
    return name;
  };
}
