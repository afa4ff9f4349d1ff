import { Prisma } from '../../generated/prisma/client.js';

/** What events say beside what happened, of activities that stay. */
export function emptyMetadata(activityIds: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`update event set metadata = '{}' where activity_id in (${activityIds})`;
}

/** Of activities that become shells: the place in the feed and the hash of the key stay. */
export function emptyEvents(activityIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    update event set metadata = '{}', error = null, key = encode(sha256(convert_to(key, 'UTF8')), 'hex')
    where activity_id = any(${[...activityIds]}::uuid[]) and kind <> 'ERASED'`;
}

/** Metadata anew, of rows with `seq`, `metadata` and `about`: no error either where all an event tells is about who goes. */
export function lessenEvents(organizationId: string, rows: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    update event set metadata = x.metadata, error = case when x.about then null else event.error end
    from ${rows} where event.organization_id = ${organizationId} and event.seq = x.seq`;
}
