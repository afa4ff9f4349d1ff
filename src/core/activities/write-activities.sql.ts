import { Prisma } from '../../generated/prisma/client.js';
import { type ActivityRow } from './activity-row.js';
import { type GrownActivity, type RecordPlan } from './record-plan.js';

/** New activities. Their `createdSeq` counts above the bases that `takeSeqs`, named `head` in the same statement, returns. */
export function insertActivities(rows: readonly ActivityRow[]): Prisma.Sql {
  return Prisma.sql`
    insert into activity (id, organization_id, channel, provider, external_id, direction, status, revision, origin, "from", "to", body, error, milestones, metadata,
      provenance, occurred_at, occurred_at_estimated, created_at, updated_at, created_seq, created_event_id)
    select id, "organizationId", channel, provider, "externalId", direction, status, revision, origin, "from", "to", body, error, milestones, metadata,
      provenance, "occurredAt", "occurredAtEstimated", "createdAt", "updatedAt", head.base + "createdSeq", "createdEventId"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, "organizationId" text, channel text, provider text, "externalId" text, direction text, status text, revision integer, origin text, "from" text, "to" text,
      body text, error jsonb, milestones jsonb, metadata jsonb, provenance jsonb, "occurredAt" timestamptz, "occurredAtEstimated" boolean, "createdAt" timestamptz,
      "updatedAt" timestamptz, "createdSeq" bigint, "createdEventId" uuid)
    join head on head.organization_id = "organizationId"`;
}

/** Activities that grew from the revision `before`; those that are at another meanwhile are left out, and not returned. */
export function updateActivities(rows: readonly GrownActivity[]): Prisma.Sql {
  return Prisma.sql`
    update activity set direction = x.direction, status = x.status, revision = x.revision, "from" = x."from", "to" = x."to", body = x.body, error = x.error,
      milestones = x.milestones, metadata = x.metadata, provenance = x.provenance, occurred_at = x."occurredAt",
      occurred_at_estimated = x."occurredAtEstimated", updated_at = x."updatedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, "organizationId" text, before integer, direction text, status text, revision integer, "from" text, "to" text, body text, error jsonb, milestones jsonb,
      metadata jsonb, provenance jsonb, "occurredAt" timestamptz, "occurredAtEstimated" boolean, "updatedAt" timestamptz)
    join head on head.organization_id = x."organizationId"
    where activity.id = x.id and activity.revision = x.before returning activity.id`;
}

/** The directory's new entries. */
export function insertReferences(references: RecordPlan['references']): Prisma.Sql {
  return Prisma.sql`
    insert into reference (provider, account_id, value, organization_id, activity_id)
    select provider, "accountId", value, "organizationId", "activityId"
    from json_to_recordset(${JSON.stringify(references)}::json) as x(provider text, "accountId" text, value text, "organizationId" text, "activityId" uuid)
    join head on head.organization_id = "organizationId"`;
}
