import { type NewEvent } from '../feed/append-events.sql.js';

/** Something we did to an activity that no provider told of: it moves no status and says nothing of the activity's own fields. */
export type OwnEvent = Pick<NewEvent, 'organizationId' | 'channel' | 'key' | 'kind' | 'metadata'> & { readonly activityId: string };

/**
 * The only event of its statement. Its time counts as estimated, which in the merge of an activity says nothing: an activity rebuilt from
 * its events must not be as young as its last file.
 */
export function newEventOf(own: OwnEvent, id: string, now: Date): NewEvent {
  return {
    ...own,
    id,
    seq: 1,
    status: null,
    occurredAt: now,
    occurredAtEstimated: true,
    receivedAt: now,
    error: null,
    deliveryId: null,
  };
}
