import { type JsonObject } from '../adapters/activity-draft.js';
import { type NewEvent } from '../feed/append-events.sql.js';

interface ContactChange {
  readonly organizationId: string;
  readonly contactId: string;
  /** What changed, for whoever reads the table. */
  readonly key: string;
  readonly seq: number;
  readonly id: string;
  readonly now: Date;
  readonly kind?: 'READ' | 'CONTACT';
  readonly metadata?: JsonObject;
}

/** An event of a contact: renamed, linked, merged or read. */
export function contactEvent({ now, key, kind = 'CONTACT', metadata = {}, ...place }: ContactChange): NewEvent {
  return {
    ...place,
    activityId: null,
    channel: null,
    key: `contact/${key}`,
    kind,
    status: null,
    occurredAt: now,
    occurredAtEstimated: false,
    receivedAt: now,
    error: null,
    metadata,
    deliveryId: null,
  };
}
