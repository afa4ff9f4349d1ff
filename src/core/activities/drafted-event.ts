import { type NewEvent } from '../feed/append-events.sql.js';
import { type SourcedDraft } from './sourced-draft.js';

/** A draft's event, at its place. */
export function eventOf(
  { draft, receivedAt, deliveryId }: SourcedDraft,
  place: { organizationId: string; activityId: string; seq: number; id: string; created: boolean },
): NewEvent {
  const { event, channel } = draft;
  const { organizationId, activityId, seq, id, created } = place;
  return {
    organizationId,
    seq,
    id,
    activityId,
    channel,
    key: event.key,
    kind: created ? 'CREATED' : event.kind,
    status: event.status,
    occurredAt: event.occurredAt ?? receivedAt,
    occurredAtEstimated: event.occurredAt === null,
    receivedAt,
    error: event.error,
    metadata: event.metadata,
    deliveryId,
  };
}

/** What is said of somebody in copy, as an event of the activity: the status is not the activity's, and whose it is stands beside it. */
export function withoutStatus(sourced: SourcedDraft): SourcedDraft {
  const { draft } = sourced;
  const metadata = { ...draft.event.metadata, recipient: draft.recipient! };
  return { ...sourced, draft: { ...draft, event: { ...draft.event, status: null, metadata } } };
}
