import { Prisma } from '../../generated/prisma/client.js';
import { type ActivityRow } from './activity-row.js';
import { type RecordPlan } from './record-plan.js';

/** New activities, and those that grew: of them only what an event can change. */
export function writeActivities(rows: readonly ActivityRow[]): Prisma.Sql {
  return Prisma.sql`
    insert into activity (id, organization_id, channel, provider, external_id, direction, status, revision, origin, "from", "to", body, error, milestones, metadata,
      provenance, occurred_at, occurred_at_estimated, created_at, updated_at, created_seq, created_event_id)
    select id, "organizationId", channel, provider, "externalId", direction, status, revision, origin, "from", "to", body, error, milestones, metadata,
      provenance, "occurredAt", "occurredAtEstimated", "createdAt", "updatedAt", "createdSeq", "createdEventId"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, "organizationId" text, channel text, provider text, "externalId" text, direction text, status text, revision integer, origin text, "from" text, "to" text,
      body text, error jsonb, milestones jsonb, metadata jsonb, provenance jsonb, "occurredAt" timestamptz, "occurredAtEstimated" boolean, "createdAt" timestamptz,
      "updatedAt" timestamptz, "createdSeq" bigint, "createdEventId" uuid)
    on conflict (id) do update set direction = excluded.direction, status = excluded.status, revision = excluded.revision, origin = excluded.origin,
      "from" = excluded."from", "to" = excluded."to", body = excluded.body, error = excluded.error, milestones = excluded.milestones, metadata = excluded.metadata,
      provenance = excluded.provenance, occurred_at = excluded.occurred_at, occurred_at_estimated = excluded.occurred_at_estimated, updated_at = excluded.updated_at`;
}

/** The directory's new entries. */
export function writeReferences(references: RecordPlan['references']): Prisma.Sql {
  return Prisma.sql`
    insert into reference (provider, account_id, value, organization_id, activity_id)
    select provider, "accountId", value, "organizationId", "activityId"
    from json_to_recordset(${JSON.stringify(references)}::json) as x(provider text, "accountId" text, value text, "organizationId" text, "activityId" uuid)`;
}
