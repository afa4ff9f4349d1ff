import { Prisma } from '../../generated/prisma/client.js';

/**
 * Statements that write, as one: one round trip, one snapshot. None of them sees what another writes, but each may use by name
 * what another returns. `answer`: what the whole returns.
 */
export function together(statements: Readonly<Record<string, Prisma.Sql>>, answer: Prisma.Sql = Prisma.sql`select 1 as done`): Prisma.Sql {
  const parts = Object.entries(statements).map(([name, statement]) => Prisma.sql`${Prisma.raw(name)} as (${statement})`);
  return Prisma.sql`with ${Prisma.join(parts, ', ')} ${answer}`;
}
