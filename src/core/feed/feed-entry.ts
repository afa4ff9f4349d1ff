import { type EventKind, type ActivityStatus } from '../adapters/activity-status.js';
import { type JsonObject, type ProviderError } from '../adapters/activity-draft.js';
import { type Channel } from '../adapters/channel.js';

/** One event of an organization, at its place in the feed. */
export interface FeedEvent {
  readonly organizationId: string;
  readonly seq: number;
  readonly id: string;
  readonly activityId: string;
  readonly channel: Channel;
  readonly kind: EventKind;
  readonly status: ActivityStatus | null;
  readonly occurredAt: Date;
  readonly occurredAtEstimated: boolean;
  readonly receivedAt: Date;
  readonly error: ProviderError | null;
  readonly metadata: JsonObject;
}

/** An event with its activity as it stands now; the room that owns activities says what that is. */
export interface FeedEntry {
  readonly event: FeedEvent;
  readonly activity: object;
}

/** What a subscription or a page of the feed asks for. */
export interface FeedFilter {
  /** Null: all. */
  readonly channels: readonly Channel[] | null;
  /** Creations, the rest, or both. */
  readonly kinds: 'CREATED' | 'UPDATED' | 'ALL';
}

export function passes(filter: FeedFilter, event: FeedEvent): boolean {
  if (filter.channels && !filter.channels.includes(event.channel)) return false;
  return filter.kinds === 'ALL' || (event.kind === 'CREATED') === (filter.kinds === 'CREATED');
}
