import { Prisma } from '../../generated/prisma/client.js';
import { rowsOf } from '../../platform/database/rows.sql.js';
import { appendEventsOf } from '../feed/append-events.sql.js';
import { type ActivityRow } from './activity-row.js';
import { type CreatedActivity, type GrownActivity, type NewReference, type RecordPlan } from './record-plan.js';

const newActivities = rowsOf<CreatedActivity>({
  id: ['uuid', ({ row }) => row.id],
  organizationId: ['text', ({ row }) => row.organizationId],
  channel: ['text', ({ row }) => row.channel],
  provider: ['text', ({ row }) => row.provider],
  externalId: ['text', ({ row }) => row.externalId],
  direction: ['text', ({ row }) => row.direction],
  status: ['text', ({ row }) => row.status],
  revision: ['integer', ({ row }) => row.revision],
  origin: ['text', ({ row }) => row.origin],
  from: ['text', ({ row }) => row.from],
  to: ['text', ({ row }) => row.to],
  subject: ['text', ({ row }) => row.subject],
  body: ['text', ({ row }) => row.body],
  durationSeconds: ['integer', ({ row }) => row.durationSeconds],
  replyTo: ['text', ({ row }) => row.replyTo],
  reactions: ['jsonb', ({ row }) => row.reactions],
  error: ['jsonb', ({ row }) => row.error],
  milestones: ['jsonb', ({ row }) => row.milestones],
  metadata: ['jsonb', ({ row }) => row.metadata],
  provenance: ['jsonb', ({ row }) => row.provenance],
  occurredAt: ['timestamptz', ({ row }) => row.occurredAt],
  occurredAtEstimated: ['boolean', ({ row }) => row.occurredAtEstimated],
  createdAt: ['timestamptz', ({ row }) => row.createdAt],
  createdSeq: ['bigint', ({ row }) => row.createdSeq],
  createdEventId: ['uuid', ({ row }) => row.createdEventId],
  contactId: ['uuid', ({ row }) => row.contactId],
  key: ['text', ({ creation }) => creation?.key],
  receivedAt: ['timestamptz', ({ creation }) => creation?.receivedAt],
  deliveryId: ['uuid', ({ creation }) => creation?.deliveryId],
  accountId: ['text', ({ creation }) => creation?.accountId],
  reference: ['text', ({ creation }) => creation?.value],
});

/**
 * New activities with what each says of its event and its reference, so that no more is sent and read than once. Their `createdSeq`
 * counts above the bases that `takeSeqs`, named `head` in the same statement, returns.
 */
export function insertActivities(created: readonly CreatedActivity[]): Record<string, Prisma.Sql> {
  return {
    fresh: Prisma.sql`
      select x.*, head.base + "createdSeq" as seq from ${newActivities(created)} as x join head on head.organization_id = "organizationId"`,
    created: Prisma.sql`
      insert into activity (id, organization_id, channel, provider, external_id, direction, status, revision, origin, "from", "to", subject, body, duration_seconds,
        reply_to, reactions, error, milestones, metadata, provenance, occurred_at, occurred_at_estimated, created_at, updated_at, created_seq, created_event_id, contact_id)
      select id, "organizationId", channel, provider, "externalId", direction, status, revision, origin, "from", "to", subject, body, "durationSeconds",
        "replyTo", reactions, error, milestones, metadata, provenance, "occurredAt", "occurredAtEstimated", "createdAt", "createdAt", seq, "createdEventId", "contactId" from fresh`,
    created_events: appendEventsOf(Prisma.sql`
      select "organizationId", seq, "createdEventId", id, null, channel, key, 'CREATED', status, "occurredAt", "occurredAtEstimated", "receivedAt", error, metadata, "deliveryId"
      from fresh where key is not null`),
    created_references: insertReferencesOf(
      Prisma.sql`select provider, "accountId", reference, "organizationId", id from fresh where reference is not null`,
    ),
  };
}

/** Null where it is as it was, which leaves it: a merge never takes back what was told, an error alone. */
const changed = <K extends keyof ActivityRow>({ before, row }: GrownActivity, column: K): ActivityRow[K] | null =>
  row[column] === before[column] ? null : row[column];

const grownActivities = rowsOf<GrownActivity>({
  id: ['uuid', ({ row }) => row.id],
  organizationId: ['text', ({ row }) => row.organizationId],
  before: ['integer', ({ before }) => before.revision],
  externalId: ['text', (grown) => changed(grown, 'externalId')],
  direction: ['text', (grown) => changed(grown, 'direction')],
  status: ['text', (grown) => changed(grown, 'status')],
  revision: ['integer', ({ row }) => row.revision],
  origin: ['text', (grown) => changed(grown, 'origin')],
  from: ['text', (grown) => changed(grown, 'from')],
  to: ['text', (grown) => changed(grown, 'to')],
  subject: ['text', (grown) => changed(grown, 'subject')],
  body: ['text', (grown) => changed(grown, 'body')],
  durationSeconds: ['integer', (grown) => changed(grown, 'durationSeconds')],
  replyTo: ['text', (grown) => changed(grown, 'replyTo')],
  reactions: ['jsonb', (grown) => changed(grown, 'reactions')],
  error: ['jsonb', ({ row }) => row.error],
  milestones: ['jsonb', (grown) => changed(grown, 'milestones')],
  metadata: ['jsonb', (grown) => changed(grown, 'metadata')],
  provenance: ['jsonb', ({ row }) => row.provenance],
  occurredAt: ['timestamptz', ({ row, before }) => (sameTime(row.occurredAt, before.occurredAt) ? null : row.occurredAt)],
  occurredAtEstimated: ['boolean', (grown) => changed(grown, 'occurredAtEstimated')],
  updatedAt: ['timestamptz', ({ row }) => row.updatedAt],
  contactId: ['uuid', (grown) => changed(grown, 'contactId')],
  seq: ['bigint', ({ event }) => event?.seq],
  eventId: ['uuid', ({ event }) => event?.id],
  channel: ['text', ({ event }) => event?.channel],
  key: ['text', ({ event }) => event?.key],
  kind: ['text', ({ event }) => event?.kind],
  eventStatus: ['text', ({ event }) => event?.status],
  eventAt: ['timestamptz', ({ event }) => event?.occurredAt],
  eventAtEstimated: ['boolean', ({ event }) => event?.occurredAtEstimated],
  receivedAt: ['timestamptz', ({ event }) => event?.receivedAt],
  eventError: ['jsonb', ({ event }) => event?.error],
  // Of the first event that says any they are the activity's own, which then is sent.
  eventMetadata: ['jsonb', (grown) => (grown.event?.metadata === changed(grown, 'metadata') ? null : grown.event?.metadata)],
  deliveryId: ['uuid', ({ event }) => event?.deliveryId],
});

/** PostgreSQL writes a time otherwise than we do. */
const sameTime = (one: string, other: string): boolean => Date.parse(one) === Date.parse(other);

/**
 * Activities that grew, each with its event where one is all that happened to it; those that are at another revision than `before` meanwhile
 * are left out, and not returned by `grown`.
 */
export function updateActivities(grown: readonly GrownActivity[]): Record<string, Prisma.Sql> {
  return {
    growing: Prisma.sql`select x.*, head.base from ${grownActivities(grown)} as x join head on head.organization_id = x."organizationId"`,
    grown: Prisma.sql`
      update activity set external_id = coalesce(x."externalId", external_id), direction = coalesce(x.direction, activity.direction), status = coalesce(x.status, activity.status),
        revision = x.revision, origin = coalesce(x.origin, activity.origin), "from" = coalesce(x."from", activity."from"), "to" = coalesce(x."to", activity."to"),
        subject = coalesce(x.subject, activity.subject), body = coalesce(x.body, activity.body), duration_seconds = coalesce(x."durationSeconds", duration_seconds),
        reply_to = coalesce(x."replyTo", reply_to), reactions = coalesce(x.reactions, activity.reactions), error = x.error, milestones = coalesce(x.milestones, activity.milestones),
        metadata = coalesce(x.metadata, activity.metadata), provenance = x.provenance, occurred_at = coalesce(x."occurredAt", occurred_at),
        occurred_at_estimated = coalesce(x."occurredAtEstimated", occurred_at_estimated), updated_at = x."updatedAt", contact_id = coalesce(x."contactId", contact_id)
      from growing as x where activity.id = x.id and activity.revision = x.before returning activity.id`,
    grown_events: appendEventsOf(Prisma.sql`
      select "organizationId", base + seq, "eventId", id, null, channel, key, kind, "eventStatus", "eventAt", "eventAtEstimated", "receivedAt", "eventError",
        coalesce("eventMetadata", metadata), "deliveryId" from growing where key is not null`),
  };
}

/** What an email's HTML is; of one that has it, it stays. */
export function insertHtmls(htmls: RecordPlan['htmls']): Prisma.Sql {
  return Prisma.sql`
    insert into activity_html (activity_id, html)
    select "activityId", html from json_to_recordset(${JSON.stringify(htmls)}::json) as x("activityId" uuid, html text) on conflict do nothing`;
}

/** The directory's new entries. */
export function insertReferences(references: readonly NewReference[]): Prisma.Sql {
  return insertReferencesOf(Prisma.sql`
    select provider, "accountId", value, "organizationId", "activityId"
    from json_to_recordset(${JSON.stringify(references)}::json) as x(provider text, "accountId" text, value text, "organizationId" text, "activityId" uuid)
    join head on head.organization_id = "organizationId"`);
}

function insertReferencesOf(rows: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`insert into reference (provider, account_id, value, organization_id, activity_id) ${rows}`;
}
