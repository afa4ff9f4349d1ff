import { Prisma } from '../../generated/prisma/client.js';
import { likeEscaped } from '../../platform/database/like.js';
import { type PageKey } from '../../platform/graphql/page-cursor.js';
import { type ActivityFilterInput } from './activity-filter.input.js';
import { ACTIVITY_COLUMNS, TOLD_COLUMNS } from './activity-columns.sql.js';

/** What is asked for, with the words of its `search`. */
type ListFilter = Omit<ActivityFilterInput, 'participant'> & {
  readonly words: readonly string[];
  readonly participants: readonly string[] | undefined;
};

/** One page, newest first by `occurred_at`, `id`, with the feed's head of the same snapshot, as one JSON. No row: no such organization. */
export function listActivities(organizationId: string, filter: ListFilter, after: PageKey | undefined, limit: number): Prisma.Sql {
  return Prisma.sql`
    select head.seq, last.id as "eventId",
      (select json_agg(page) from (
        select ${TOLD_COLUMNS} from activity where organization_id = ${organizationId} ${conditions(filter, after)}
        order by occurred_at desc, id desc limit ${limit}::int) as page) as rows
    from feed_head as head left join event as last on last.organization_id = head.organization_id and last.seq = head.seq
    where head.organization_id = ${organizationId}`;
}

/** A whole row. */
export function activityById(id: string): Prisma.Sql {
  return Prisma.sql`select row_to_json(found) as row from (select ${ACTIVITY_COLUMNS} from activity where id = ${id}::uuid) as found`;
}

/** Rows by id. */
export function activitiesById(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`select json_agg(found) as rows from (select ${TOLD_COLUMNS} from activity where id = any(${[...ids]}::uuid[])) as found`;
}

/** A query of rows, by a query of their ids. `limit 1` keeps it a look-up for each, whatever is expected of that query. */
export function activitiesIn(ids: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select found.* from (${ids}) as wanted(id) cross join lateral (select ${TOLD_COLUMNS} from activity where activity.id = wanted.id limit 1) as found`;
}

/** The activities that replies answer: `key` is the provider's name, the account and the reference, with spaces between. */
export function repliedTo(keys: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select wanted.key, r.activity_id as "activityId"
    from unnest(${[...keys]}::text[]) as wanted(key) cross join lateral (
      select activity_id from reference
      where provider = split_part(wanted.key, ' ', 1) and account_id = split_part(wanted.key, ' ', 2)
        and value = substr(wanted.key, length(split_part(wanted.key, ' ', 1)) + length(split_part(wanted.key, ' ', 2)) + 3) limit 1) as r`;
}

const WORDS = Prisma.sql`activity_words(subject, body, "from", "to")`;

/**
 * The index knows three characters in a row, a word's edge among them. Asked for fewer, all of it is read, which takes longer than walking by time. Source:
 * PostgreSQL docs, pg_trgm.
 */
const isIndexed = (word: string): boolean => /[\p{L}\p{N}]{3}|[\p{L}\p{N}]{2}[^\p{L}\p{N}]|[^\p{L}\p{N}][\p{L}\p{N}]/u.test(word);

function conditions(filter: ListFilter, after: PageKey | undefined): Prisma.Sql {
  const all: Prisma.Sql[] = [];
  const oneOf = (column: string, values: readonly string[] | null | undefined) => {
    if (values) all.push(Prisma.sql`and ${Prisma.raw(column)} = any(${[...values]}::text[])`);
  };
  oneOf('channel', filter.channels);
  oneOf('direction', filter.directions);
  oneOf('status', filter.statuses);
  if (filter.reached) all.push(Prisma.sql`and milestones ?| ${[...filter.reached]}::text[]`);
  // A shell has no address, not even none.
  if (filter.participants) {
    const wanted = Prisma.sql`any(${[...filter.participants]}::text[])`;
    all.push(Prisma.sql`and ("from" = ${wanted} or "to" = ${wanted}) and erased_at is null`);
  }
  if (filter.contactId != null) all.push(Prisma.sql`and contact_id = ${filter.contactId}::uuid`);
  for (const word of filter.words)
    all.push(Prisma.sql`and ${WORDS} ${isIndexed(word) ? Prisma.empty : Prisma.sql`|| ''`} ilike ${`%${likeEscaped(word)}%`}`);
  if (filter.occurredFrom) all.push(Prisma.sql`and occurred_at >= ${filter.occurredFrom}::timestamptz`);
  if (filter.occurredBefore) all.push(Prisma.sql`and occurred_at < ${filter.occurredBefore}::timestamptz`);
  if (after) all.push(Prisma.sql`and (occurred_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  return all.length ? Prisma.join(all, ' ') : Prisma.empty;
}
