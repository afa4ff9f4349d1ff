import { Injectable } from '@nestjs/common';
import { Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { type FeedPosition } from './cursor.js';
import { type FeedActivity, type FeedEntry, type FeedEvent, type FeedFilter, NO_UPDATES } from './feed-entry.js';

/** Makes a query of activities as they stand now, `id` among the columns, of a query of their ids. The room that owns them gives it to the feed at the start. */
export type ActivitiesQuery = (ids: Prisma.Sql) => Prisma.Sql;

interface EventRow extends Omit<FeedEvent, 'seq'> {
  readonly seq: bigint;
}

/** Part of a feed as one JSON has it. */
interface FoundEntries {
  readonly events:
    | readonly (Omit<FeedEvent, 'occurredAt' | 'receivedAt'> & { readonly occurredAt: string; readonly receivedAt: string })[]
    | null;
  readonly activities: readonly (FeedActivity & { readonly id: string })[] | null;
}

const COLUMNS = Prisma.sql`organization_id as "organizationId", seq, id, activity_id as "activityId", contact_id as "contactId", channel, kind, status,
  occurred_at as "occurredAt", occurred_at_estimated as "occurredAtEstimated", received_at as "receivedAt", error, metadata`;

/** The feed as it lies in the database. */
@Injectable()
export class FeedEventsService {
  private activitiesOf: ActivitiesQuery | undefined;

  constructor(private readonly database: DatabaseService) {}

  useActivities(query: ActivitiesQuery): void {
    this.activitiesOf = query;
  }

  /** The newest number given, and the event that has it. Undefined where there is no such organization. */
  async head(organizationId: string): Promise<{ seq: number; eventId: string | undefined } | undefined> {
    return (await this.at(organizationId))?.head;
  }

  /** The head, and the event at `seq`, in one snapshot. */
  async at(
    organizationId: string,
    seq = 0,
  ): Promise<{ head: { seq: number; eventId: string | undefined }; eventId: string | undefined } | undefined> {
    const [row] = await this.database.prisma.$queryRaw<{ seq: bigint; head_id: string | null; at_id: string | null }[]>`
      select head.seq, last.id as head_id, at.id as at_id from feed_head as head
      left join event as last on last.organization_id = head.organization_id and last.seq = head.seq
      left join event as at on at.organization_id = head.organization_id and at.seq = ${seq}::bigint
      where head.organization_id = ${organizationId}`;
    return row && { head: { seq: Number(row.seq), eventId: row.head_id ?? undefined }, eventId: row.at_id ?? undefined };
  }

  /** The newest numbers of several organizations. */
  async heads(organizationIds: readonly string[]): Promise<{ organizationId: string; seq: number }[]> {
    const rows = await this.database.prisma.feedHead.findMany({ where: { organizationId: { in: [...organizationIds] } } });
    return rows.map(({ organizationId, seq }) => ({ organizationId, seq: Number(seq) }));
  }

  /** Entries after `after` up to `upTo` that pass, in order, `limit` at the most. Fewer than `limit`: there are no more. */
  read(organizationId: string, after: number, upTo: number, limit: number, filter?: FeedFilter): Promise<FeedEntry[]> {
    return this.entries(this.database.prisma, organizationId, after + 1, upTo, limit, filter);
  }

  /** Entries after a position, as `read`; undefined where the event that was there is not. */
  async readOn(organizationId: string, { seq, eventId }: FeedPosition, upTo: number, limit: number): Promise<FeedEntry[] | undefined> {
    const entries = await this.entries(this.database.live, organizationId, seq, upTo, limit + 1);
    if (eventId !== undefined && entries.shift()?.event.id !== eventId) return undefined;
    return entries;
  }

  /** Of each activity its newest events, the oldest of them first. */
  async ofActivities(activityIds: readonly string[], most: number): Promise<ReadonlyMap<string, FeedEvent[]>> {
    const rows = await this.database.prisma.$queryRaw<EventRow[]>`
      select newest.* from unnest(${[...new Set(activityIds)]}::uuid[]) as wanted(id)
      cross join lateral (select ${COLUMNS} from event where activity_id = wanted.id and kind <> 'ERASED' order by seq desc limit ${most}::int) as newest
      order by newest.seq`;
    const found = new Map<string, FeedEvent[]>(activityIds.map((id) => [id, []]));
    for (const row of rows) found.get(row.activityId!)!.push({ ...row, seq: Number(row.seq) });
    return found;
  }

  /**
   * Those from `from` on, with their activities: one statement, for everybody who listens waits for it. What a filter lets little through of takes long,
   * and must not hold what the listeners' new rows are read by.
   */
  private async entries(
    queries: Queries,
    organizationId: string,
    from: number,
    upTo: number,
    limit: number,
    filter?: FeedFilter,
  ): Promise<FeedEntry[]> {
    const [{ events, activities }] = await queries.$queryRaw<[FoundEntries]>(Prisma.sql`
      with found as materialized (
        select ${COLUMNS} from event
        where organization_id = ${organizationId} and seq >= ${from}::bigint and seq <= ${upTo}::bigint ${filter ? conditions(filter) : Prisma.empty}
        order by seq limit ${limit}::int)
      select (select json_agg(found order by seq) from found) as events,
        (select json_agg(a) from (${this.activitiesOf!(Prisma.sql`select distinct "activityId" from found`)}) as a) as activities`);
    const byId = new Map((activities ?? []).map((activity) => [activity.id, activity]));
    return (events ?? []).map((event) => ({
      event: { ...event, occurredAt: new Date(event.occurredAt), receivedAt: new Date(event.receivedAt) },
      activity: byId.get(event.activityId ?? '') ?? null,
    }));
  }
}

/** As `passes` says it of one. */
function conditions({ channels, kinds, conversations, contactId }: FeedFilter): Prisma.Sql {
  const all: Prisma.Sql[] = [];
  if (kinds === 'CREATED') all.push(Prisma.sql`and kind = 'CREATED'`);
  else if (kinds === 'UPDATED') all.push(Prisma.sql`and kind <> all(${[...NO_UPDATES]}::text[])`);
  else if (!conversations) all.push(Prisma.sql`and channel is not null`);
  if (channels) all.push(Prisma.sql`and (channel is null or channel = any(${[...channels]}::text[]))`);
  if (contactId != null)
    all.push(Prisma.sql`and (contact_id = ${contactId}::uuid or (kind = 'CONTACT' and metadata->>'mergedIntoId' = ${contactId})
      or exists (select 1 from activity where activity.id = event.activity_id and activity.contact_id = ${contactId}::uuid))`);
  return all.length ? Prisma.join(all, ' ') : Prisma.empty;
}
