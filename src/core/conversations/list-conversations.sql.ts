import { Prisma } from '../../generated/prisma/client.js';
import { type PageKey } from '../../platform/graphql/page-cursor.js';
import { TOLD_COLUMNS } from '../activities/activity-columns.sql.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel } from '../adapters/channel.js';

export interface ConversationFilter {
  readonly channels?: readonly Channel[] | null;
  readonly awaitingReply?: boolean | null;
}

/**
 * The newest activity of each contact, the newest of them first, with the feed's head of the same snapshot. It walks the organization's
 * activities by time and passes over those that are not their contact's newest, so a page costs about what its rows have in between.
 */
export function listLatest(organizationId: string, filter: ConversationFilter, after: PageKey | undefined, limit: number): Prisma.Sql {
  const conditions: Prisma.Sql[] = [];
  if (filter.channels)
    conditions.push(
      Prisma.sql`and exists (select 1 from activity as c where c.contact_id = activity.contact_id and c.channel = any(${[...filter.channels]}::text[]))`,
    );
  if (filter.awaitingReply != null)
    conditions.push(
      // Of a contact's newest activity: what came in is without an answer, what was heard is one, and only else an older one says it.
      filter.awaitingReply
        ? Prisma.sql`and (direction = 'INBOUND' or (status = any(${NO_ANSWER}) and ${awaitsReply(Prisma.sql`activity.contact_id`)}))`
        : Prisma.sql`and direction = 'OUTBOUND' and (status <> all(${NO_ANSWER}) or not ${awaitsReply(Prisma.sql`activity.contact_id`)})`,
    );
  if (after) conditions.push(Prisma.sql`and (occurred_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  return Prisma.sql`
    select head.seq, last.id as "eventId",
      (select json_agg(page) from (
        select ${TOLD_COLUMNS} from activity
        where organization_id = ${organizationId} and contact_id is not null and not exists (
          select 1 from activity as newer where newer.contact_id = activity.contact_id and (newer.occurred_at, newer.id) > (activity.occurred_at, activity.id))
        ${conditions.length ? Prisma.join(conditions, ' ') : Prisma.empty}
        order by occurred_at desc, id desc limit ${limit}::int) as page) as rows
    from feed_head as head left join event as last on last.organization_id = head.organization_id and last.seq = head.seq
    where head.organization_id = ${organizationId}`;
}

/** Of what we sent: not said yet, or it never reached anybody. */
const NO_ANSWER: readonly ActivityStatus[] = ['DRAFT', 'CANCELED', 'FAILED', 'UNDELIVERED', 'BOUNCED', 'DROPPED', 'BUSY', 'NO_ANSWER'];

/** Whether the contact had the last word, an expression: what was not said yet, or never reached anybody, is no answer. */
function awaitsReply(contactId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce((
    select said.direction = 'INBOUND' from activity as said
    where said.contact_id = ${contactId} and not (said.direction = 'OUTBOUND' and said.status = any(${NO_ANSWER}))
    order by said.occurred_at desc, said.id desc limit 1), false)`;
}

/** Of each contact that has activities: the newest, how many came in unread, and where reading stands, as one JSON. */
export function conversationsOf(contactIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select json_agg(json_build_object('contactId', c.id, 'readUpTo', c.read_up_to, 'readEventId', read.id, 'latest', latest, 'awaitingReply', ${awaitsReply(Prisma.sql`c.id`)},
      'unread', (select count(*) from activity where contact_id = c.id and direction = 'INBOUND' and created_seq > c.read_up_to))) as rows
    from contact as c
    cross join lateral (select ${TOLD_COLUMNS} from activity where contact_id = c.id order by occurred_at desc, id desc limit 1) as latest
    left join event as read on read.organization_id = c.organization_id and read.seq = c.read_up_to
    where c.id = any(${[...contactIds]}::uuid[])`;
}
