import { Prisma } from '../../generated/prisma/client.js';
import { binaryArray, type Value } from './binary-array.js';

/** A column of rows: what PostgreSQL has it as, and its value of a row. Null and undefined are NULL. */
type Column<T> =
  | readonly [type: 'text' | 'uuid', of: (row: T) => string | null | undefined]
  | readonly [type: 'integer' | 'bigint', of: (row: T) => number | null | undefined]
  | readonly [type: 'boolean', of: (row: T) => boolean | null | undefined]
  | readonly [type: 'timestamptz', of: (row: T) => Date | string | null | undefined]
  | readonly [type: 'jsonb', of: (row: T) => object | null | undefined]
  | readonly [type: 'text[]', of: (row: T) => readonly string[] | null | undefined]
  | readonly [type: 'uuid[]', of: (row: T) => readonly string[] | null | undefined];

/**
 * Rows as a table to select from: `select … from ${rows(list)} as x`. A value for each column, in PostgreSQL's binary form, instead of one JSON of them
 * all (docs/decisions/0018). The text is the same for any rows, so that it is prepared once; of `unnest` alone PostgreSQL expects few
 * rows, and looks other tables up by an index, however small they are as it plans.
 */
export function rowsOf<T>(columns: Readonly<Record<string, Column<T>>>): (rows: readonly T[]) => Prisma.Sql {
  const all = Object.entries(columns).map(([name, [type]]) => ({ name: `"${name}"`, type }));
  // An array of lists would be one list: a list goes as its text.
  const given = all.map(({ type }) => `unnest(?::${isList(type) ? 'text' : type}[])`);
  const read = all.map(({ name, type }) => (isList(type) ? `${name}::${type} as ${name}` : name));
  const names = all.map(({ name }) => name);
  const texts = `(select ${read.join(', ')} from rows from (${given.join(', ')}) as given(${names.join(', ')}))`.split('?');
  return (rows) =>
    new Prisma.Sql(
      texts,
      Object.values(columns).map((column) => valueOf(column, rows)),
    );
}

function valueOf<T>(column: Column<T>, rows: readonly T[]): Buffer {
  if (column[0] === 'jsonb') return binaryArray('jsonb', rows.map(written(column[1], JSON.stringify)));
  if (column[0] === 'text[]' || column[0] === 'uuid[]') return binaryArray('text', rows.map(written(column[1], listOf)));
  const of: (row: T) => Value = column[1];
  return binaryArray(column[0], rows.map(of));
}

function written<T, V>(of: (row: T) => V | null | undefined, write: (value: V) => string): (row: T) => string | undefined {
  return (row) => {
    const value = of(row);
    return value === null || value === undefined ? undefined : write(value);
  };
}

function isList(type: Column<never>[0]): type is 'text[]' | 'uuid[]' {
  return type.endsWith('[]');
}

function listOf(list: readonly string[]): string {
  return `{${list.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
