import { Prisma } from '../../generated/prisma/client.js';

export interface FeedHead {
  readonly organization_id: string;
  readonly seq: bigint;
}

/**
 * Locks the heads of the organizations that `organizationIds` (a query of one column) names, sorted, until the transaction
 * ends: who holds a head alone writes its organization. A statement of its own: what reads in this one sees the snapshot from
 * before its wait. `skipLocked`: those that another holds are left out instead of waited for.
 */
export function lockHeads(organizationIds: Prisma.Sql, skipLocked: boolean): Prisma.Sql {
  const skip = skipLocked ? Prisma.sql`skip locked` : Prisma.empty;
  return Prisma.sql`
    select organization_id, seq from feed_head where organization_id in (${organizationIds}) order by organization_id for update ${skip}`;
}

/** The new heads, of organizations whose lock is held. */
export function advanceHeads(heads: readonly { organizationId: string; seq: number }[]): Prisma.Sql {
  return Prisma.sql`
    update feed_head as head set seq = x.seq from json_to_recordset(${JSON.stringify(heads)}::json) as x("organizationId" text, seq bigint)
    where head.organization_id = x."organizationId"`;
}
