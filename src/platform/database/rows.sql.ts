import { Prisma } from '../../generated/prisma/client.js';

/** A column of rows: what PostgreSQL has it as, and its value of a row. Null and undefined are NULL. */
type Column<T> =
  | readonly [type: 'text' | 'uuid', of: (row: T) => string | null | undefined]
  | readonly [type: 'integer' | 'bigint', of: (row: T) => number | null | undefined]
  | readonly [type: 'boolean', of: (row: T) => boolean | null | undefined]
  | readonly [type: 'timestamptz', of: (row: T) => Date | string | null | undefined]
  | readonly [type: 'jsonb', of: (row: T) => object | null | undefined];

/**
 * Rows as a table to select from: `select … from ${rows(list)} as x`. A value for each column instead of one JSON of them all: PostgreSQL reads
 * it in half the time (docs/decisions/0018). The text is the same for any rows, so that it is prepared once; of `unnest` alone PostgreSQL expects few
 * rows, and looks other tables up by an index, however small they are as it plans.
 */
export function rowsOf<T>(columns: Readonly<Record<string, Column<T>>>): (rows: readonly T[]) => Prisma.Sql {
  const all = Object.entries(columns).map(([name, [type]]) => ({ name: `"${name}"`, type }));
  // JSON is a line each: as members of an array its quotation marks would all be escaped, and a line's end it has none of.
  const given = all.map(({ type }) => (type === 'jsonb' ? `unnest(string_to_array(?::text, E'\\n', 'null'))` : `unnest(?::${type}[])`));
  const read = all.map(({ name, type }) => (type === 'jsonb' ? `${name}::jsonb as ${name}` : name));
  const names = all.map(({ name }) => name);
  const texts = `(select ${read.join(', ')} from rows from (${given.join(', ')}) as given(${names.join(', ')}))`.split('?');
  return (rows) =>
    new Prisma.Sql(
      texts,
      Object.values(columns).map((column) => valueOf(column, rows)),
    );
}

function valueOf<T>(column: Column<T>, rows: readonly T[]): string {
  if (column[0] === 'jsonb') return rows.map((row) => JSON.stringify(column[1](row) ?? null)).join('\n');
  const members = rows.map((row) => {
    const value = column[1](row);
    if (value === null || value === undefined) return 'NULL';
    if (typeof value === 'string') return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
    return value instanceof Date ? value.toISOString() : String(value);
  });
  return `{${members.join(',')}}`;
}
