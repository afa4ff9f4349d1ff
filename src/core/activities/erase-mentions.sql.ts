import { Prisma } from '../../generated/prisma/client.js';
import { type JsonObject } from '../adapters/activity-draft.js';
import { likeEscaped } from '../../platform/database/like.js';
import { together } from '../../platform/database/together.sql.js';
import { lessenEvents } from '../feed/erase-events.sql.js';

/** Whom is looked for: `needles` as `needlesOf` makes them of `addresses`, which are in lower case. */
export interface Mentioned {
  readonly organizationId: string;
  readonly addresses: readonly string[];
  readonly needles: readonly string[];
}

/** An expression: whether a metadata column names one of them. */
function names(metadata: Prisma.Sql, needles: readonly string[]): Prisma.Sql {
  const patterns = needles.map((needle) => `%${likeEscaped(needle)}%`);
  return Prisma.sql`lower(${metadata}::text) like any(${patterns}::text[])`;
}

/**
 * The mails of others whose metadata names somebody, or that have events about them as a copy. Reads all of the organization's mails and
 * their events, since no index says whom they name: without a lock. Those alone whose id is above `after`.
 */
export function findMentions({ organizationId, addresses, needles }: Mentioned, contactId: string, after: string): Prisma.Sql {
  return Prisma.sql`
    select a.id from activity as a where a.organization_id = ${organizationId} and a.channel = 'EMAIL' and a.erased_at is null and a.id > ${after}::uuid
      and a.contact_id is distinct from ${contactId}::uuid and ${names(Prisma.sql`a.metadata`, needles)}
    union select e.activity_id from event as e join activity as a on a.id = e.activity_id and a.erased_at is null
    where e.organization_id = ${organizationId} and e.channel = 'EMAIL' and e.id > ${after}::uuid and lower(e.metadata->>'recipient') = any(${[...addresses]}::text[])`;
}

/** Of an activity (`seq` null) or one of its events. */
export interface Mention {
  readonly activityId: string;
  readonly seq: number | null;
  readonly metadata: JsonObject;
  /** Whether all that it tells is about that person as a copy. */
  readonly about: boolean;
}

/** What of these activities names them, under the organization's lock. */
export function readMentions({ addresses, needles }: Mentioned, activityIds: readonly string[]): Prisma.Sql {
  const ids = Prisma.sql`${[...activityIds]}::uuid[]`;
  return Prisma.sql`
    select a.id as "activityId", null::integer as seq, a.metadata, false as about from activity as a
    where a.id = any(${ids}) and a.erased_at is null and ${names(Prisma.sql`a.metadata`, needles)}
    union all select e.activity_id, e.seq::double precision, e.metadata, coalesce(lower(e.metadata->>'recipient') = any(${[...addresses]}::text[]), false)
    from event as e join activity as a on a.id = e.activity_id and a.erased_at is null
    where e.activity_id = any(${ids}) and ${names(Prisma.sql`e.metadata`, needles)}`;
}

/**
 * Metadata anew, and no error where it was about the person alone. An activity's revision grows, so that nobody who read it before writes back what
 * it was. Nothing is told: it is not what happened to these mails.
 */
export function writeMentions(organizationId: string, mentions: readonly Mention[], now: Date): Prisma.Sql {
  const rows = Prisma.sql`json_to_recordset(${JSON.stringify(mentions)}::json) as x("activityId" uuid, seq bigint, metadata jsonb, about boolean)`;
  return together({
    activities_less: Prisma.sql`
      update activity set metadata = x.metadata, revision = revision + 1, updated_at = ${now.toISOString()}::timestamptz
      from ${rows} where activity.id = x."activityId" and x.seq is null`,
    events_less: lessenEvents(organizationId, rows),
  });
}
