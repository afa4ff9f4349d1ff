import type pg from 'pg';
import { type Prisma } from '../../generated/prisma/client.js';

/** The same as Prisma's `$queryRaw` of a prepared `Prisma.Sql`. */
export interface Queries {
  $queryRaw<T = unknown>(sql: Prisma.Sql): Promise<T>;
}

/**
 * Runs a composed statement by `pg` on the pool it is given, as a prepared statement: for what every delivery and every send
 * waits for. docs/decisions/0009 has the measurement. int8 comes as text, the rest as Prisma gives it.
 */
export function directQueries(pool: pg.Pool): Queries {
  const names = new Map<string, string>();
  return {
    async $queryRaw<T>({ text, values }: Prisma.Sql): Promise<T> {
      let name = names.get(text);
      if (name === undefined) names.set(text, (name = `direct_${names.size}`));
      const { rows } = await pool.query({ name, text, values });
      return rows as T;
    },
  };
}
