import { Prisma } from '../../generated/prisma/client.js';
import { type FeedEvent } from './feed-entry.js';

/** An event to be appended. `seq` counts from 1 above the organization's base. */
export interface NewEvent extends Omit<FeedEvent, 'contactId'> {
  readonly contactId?: string | null;
  readonly key: string;
  readonly deliveryId: string | null;
}

/** Appends one event for each row of a query, whose columns are those of `event` in this order. */
export function appendEventsOf(rows: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    insert into event (organization_id, seq, id, activity_id, contact_id, channel, key, kind, status, occurred_at, occurred_at_estimated, received_at, error, metadata, delivery_id)
    ${rows}`;
}

/** Appends events above the bases that `takeSeqs`, named `head` in the same statement, returns. */
export function appendEvents(events: readonly NewEvent[]): Prisma.Sql {
  return appendEventsOf(Prisma.sql`
    select "organizationId", head.base + x.seq, id, "activityId", "contactId", channel, key, kind, status, "occurredAt", "occurredAtEstimated", "receivedAt", error, metadata,
      "deliveryId"
    from json_to_recordset(${JSON.stringify(events)}::json) as x(
      "organizationId" text, seq bigint, id uuid, "activityId" uuid, "contactId" uuid, channel text, key text, kind text, status text, "occurredAt" timestamptz,
      "occurredAtEstimated" boolean, "receivedAt" timestamptz, error jsonb, metadata jsonb, "deliveryId" uuid)
    join head on head.organization_id = "organizationId"`);
}
