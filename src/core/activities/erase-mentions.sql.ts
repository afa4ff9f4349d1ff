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

/** A page of the organization's events: which mails are found by it, and where the next page begins; null at the end. */
export interface MentionsPage {
  readonly found: readonly string[] | null;
  readonly last: number | null;
}

/**
 * The mails of others whose metadata names somebody, and any with an event about them as a copy, or one that names them; calls and WhatsApp messages of others
 * whose events name them, as a call's agent or whom it was forwarded from. No index says whom they name: so in pages, without a lock, and by events, which are
 * one organization's alone; each activity has one of its making.
 */
export function activitiesNaming(
  { organizationId, addresses, needles }: Mentioned,
  contactId: string,
  after: number,
  limit: number,
): Prisma.Sql {
  const eventNames = names(Prisma.sql`page.metadata`, needles);
  return Prisma.sql`
    with page as materialized (
      select seq, activity_id, channel, metadata from event where organization_id = ${organizationId} and seq > ${after}::bigint order by seq limit ${limit}::int)
    select json_agg(distinct page.activity_id) filter (where (page.channel = 'EMAIL' or (page.channel in ('VOICE', 'WHATSAPP') and ${eventNames})) and exists (
        select from activity as a where a.id = page.activity_id and a.erased_at is null and case page.channel when 'EMAIL' then
          lower(page.metadata->>'recipient') = any(${[...addresses]}::text[]) or ${eventNames}
          or (a.contact_id is distinct from ${contactId}::uuid and ${names(Prisma.sql`a.metadata`, needles)})
          else a.contact_id is distinct from ${contactId}::uuid end)) as found,
      max(page.seq)::double precision as last
    from page`;
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
