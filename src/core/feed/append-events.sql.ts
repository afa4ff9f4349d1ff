import { Prisma } from '../../generated/prisma/client.js';
import { rowsOf } from '../../platform/database/rows.sql.js';
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

const newEvents = rowsOf<NewEvent>({
  organizationId: ['text', (event) => event.organizationId],
  seq: ['bigint', (event) => event.seq],
  id: ['uuid', (event) => event.id],
  activityId: ['uuid', (event) => event.activityId],
  contactId: ['uuid', (event) => event.contactId],
  channel: ['text', (event) => event.channel],
  key: ['text', (event) => event.key],
  kind: ['text', (event) => event.kind],
  status: ['text', (event) => event.status],
  occurredAt: ['timestamptz', (event) => event.occurredAt],
  occurredAtEstimated: ['boolean', (event) => event.occurredAtEstimated],
  receivedAt: ['timestamptz', (event) => event.receivedAt],
  error: ['jsonb', (event) => event.error],
  metadata: ['jsonb', (event) => event.metadata],
  deliveryId: ['uuid', (event) => event.deliveryId],
});

/** Appends events above the bases that `takeSeqs`, named `head` in the same statement, returns. */
export function appendEvents(events: readonly NewEvent[]): Prisma.Sql {
  return appendEventsOf(Prisma.sql`
    select "organizationId", head.base + x.seq, id, "activityId", "contactId", channel, key, kind, status, "occurredAt", "occurredAtEstimated", "receivedAt", error, metadata,
      "deliveryId" from ${newEvents(events)} as x join head on head.organization_id = "organizationId"`);
}
