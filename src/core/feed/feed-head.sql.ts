import { Prisma } from '../../generated/prisma/client.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { StillHeld } from '../../platform/database/turnstile.service.js';

/**
 * Locks the heads of the organizations that `organizationIds` (a query of one column) names, sorted, until the transaction
 * ends: who holds a head alone writes its organization. A statement of its own: what reads in this one sees the snapshot from
 * before its wait. `skipLocked`: those that another holds are left out instead of waited for.
 */
export function lockHeads(organizationIds: Prisma.Sql, skipLocked: boolean): Prisma.Sql {
  const skip = skipLocked ? Prisma.sql`skip locked` : Prisma.empty;
  return Prisma.sql`
    select organization_id from feed_head where organization_id in (${organizationIds}) order by organization_id for update ${skip}`;
}

/** Locks the head of one. Throws StillHeld where another has it and it is not to be waited for. */
export async function lockHead(tx: Queries, organizationId: string, skipLocked: boolean): Promise<void> {
  const locked = await tx.$queryRaw<unknown[]>(lockHeads(Prisma.sql`select ${organizationId}::text`, skipLocked));
  if (!locked.length) throw new StillHeld(`another holds organization ${organizationId}`);
}

/** How many seqs an organization takes. */
export interface SeqsTaken {
  readonly organizationId: string;
  readonly count: number;
}

/**
 * Takes `count` consecutive seqs of each organization, and returns `organization_id`, the `base` before the first of them, and `merges`.
 * The heads are locked until the commit, sorted, so two batches cannot deadlock. One that takes none is counted in `merges`: no event tells of what is written
 * of it, and what was judged before must find that it no longer stands.
 */
export function takeSeqs(taken: readonly SeqsTaken[]): Prisma.Sql {
  return Prisma.sql`
    update feed_head as head set seq = head.seq + locked.count, merges = head.merges + (locked.count = 0)::int from (
      select head.organization_id, wanted.count from feed_head as head
      join json_to_recordset(${JSON.stringify(taken)}::json) as wanted("organizationId" text, count integer) on wanted."organizationId" = head.organization_id
      order by head.organization_id for update of head
    ) as locked where head.organization_id = locked.organization_id
    returning head.organization_id, head.seq - locked.count as base, head.merges - (locked.count = 0)::int as merges`;
}

/** What any process remembers of the organization's contacts no longer holds. */
export function countMerge(organizationId: string): Prisma.Sql {
  return Prisma.sql`update feed_head set merges = merges + 1 where organization_id = ${organizationId} returning merges`;
}
