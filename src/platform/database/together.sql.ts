import { Prisma } from '../../generated/prisma/client.js';

/** Statements that write, as one: one round trip, one snapshot. None of them sees what another writes. */
export function together(statements: readonly Prisma.Sql[]): Prisma.Sql {
  const parts = statements.map((statement, i) => Prisma.sql`${Prisma.raw(`w${i}`)} as (${statement})`);
  return Prisma.sql`with ${Prisma.join(parts, ', ')} select 1`;
}
