import { type JsonObject } from '../adapters/activity-draft.js';
import { type UnplacedEvent } from './organization-writer.service.js';

/** What happened to a contact: no word of who it is, so that nothing has to be erased. */
export type ContactChange = 'named' | 'linked' | 'merged' | 'read' | 'updated';

/** An event of a contact for the feed: READ where its conversation was read, else CONTACT. */
export function contactEvent(contactId: string, change: ContactChange, now: Date, metadata: JsonObject = {}): UnplacedEvent {
  return {
    activityId: null,
    contactId,
    channel: null,
    key: `contact/${change}`,
    kind: change === 'read' ? 'READ' : 'CONTACT',
    status: null,
    occurredAt: now,
    occurredAtEstimated: false,
    receivedAt: now,
    error: null,
    metadata,
    deliveryId: null,
  };
}
