import { type ActivityStatus, type EventKind } from './activity-status.js';
import { type Channel, type Direction } from './channel.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A failure in the provider's words: its code as text, its sentence where it gave one. */
export interface ProviderError {
  readonly code: string;
  readonly message: string | null;
}

/** One thing that happened, as one item of a delivery tells it. */
export interface DraftEvent {
  /** Unique within the activity: `source/kind of request/what identifies it there`, such as `webhook/message/status/sent`. */
  readonly key: string;
  readonly kind: Exclude<EventKind, 'CREATED'>;
  /** Of a STATUS event. */
  readonly status: ActivityStatus | null;
  /** The provider's clock; null where it sends none and ours must stand in. */
  readonly occurredAt: Date | null;
  readonly error: ProviderError | null;
  /** What the provider said of this event that has no field here, under the provider's own names. */
  readonly metadata: JsonObject;
}

/** What an item tells of the activity itself. An absent fact says nothing; it never takes back what another item told. */
export interface ActivityFacts {
  readonly direction?: Direction;
  readonly from?: string;
  readonly to?: string;
  readonly body?: string;
  /** Of a completed call, in whole seconds. */
  readonly durationSeconds?: number;
}

/** A file the provider holds for this activity. */
export interface DraftAttachment {
  /** Unique within the activity: what names the file at the provider. */
  readonly key: string;
  readonly contentType: string;
  /** Where the provider serves it; asked with the provider's credentials. */
  readonly sourceUrl: string;
}

/** One item of a delivery, understood: one event of one activity. */
export interface ActivityDraft {
  /** Position in the delivery's batch; 0 where a delivery says one thing. */
  readonly index: number;
  readonly channel: Channel;
  /** The provider's id of the activity (MessageSid), unique within the provider account. */
  readonly externalId: string;
  /** Addresses of ours it names, the most telling first: what routes an activity never seen. */
  readonly ours: readonly string[];
  readonly facts: ActivityFacts;
  readonly event: DraftEvent;
  readonly attachments: readonly DraftAttachment[];
}
