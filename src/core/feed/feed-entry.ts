import { type EventKind, type ActivityStatus } from '../adapters/activity-status.js';
import { type JsonObject, type ProviderError } from '../adapters/activity-draft.js';
import { type Channel } from '../adapters/channel.js';

/** What stands in the feed beside the events of activities: an erased one's shell, a conversation read, a contact changed. */
export type FeedEventKind = EventKind | 'ERASED' | 'READ' | 'CONTACT';

/** One event of an organization, at its place in the feed. */
export interface FeedEvent {
  readonly organizationId: string;
  readonly seq: number;
  readonly id: string;
  /** Null of READ and CONTACT. */
  readonly activityId: string | null;
  /** Of READ, CONTACT and ERASED. */
  readonly contactId: string | null;
  /** Null of READ and CONTACT. */
  readonly channel: Channel | null;
  readonly kind: FeedEventKind;
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
  /** Null where the event is about a contact. */
  readonly activity: FeedActivity | null;
}

/** What the feed asks of an activity. */
export interface FeedActivity {
  readonly contactId: string | null;
}

/** What a subscription or a page of the feed asks for. */
export interface FeedFilter {
  /** Null: all. */
  readonly channels: readonly Channel[] | null;
  /** Creations, the rest, or both. */
  readonly kinds: 'CREATED' | 'UPDATED' | 'ALL';
  /** Whether READ and CONTACT are told too; with 'ALL' alone. */
  readonly conversations?: boolean;
  /** One contact's; null or absent: everybody's. */
  readonly contactId?: string | null;
}

const OF_CONVERSATIONS: readonly FeedEventKind[] = ['READ', 'CONTACT'];
/** What is no change of an activity. */
export const NO_UPDATES: readonly FeedEventKind[] = ['CREATED', 'ERASED', ...OF_CONVERSATIONS];

/** The contact that another one was merged into, where the event says so. */
export function mergedIntoOf(event: FeedEvent): string | undefined {
  return event.kind === 'CONTACT' ? (event.metadata.mergedIntoId as string | undefined) : undefined;
}

export function passes(filter: FeedFilter, { event, activity }: FeedEntry): boolean {
  if (filter.contactId != null && ![event.contactId, mergedIntoOf(event), activity?.contactId].includes(filter.contactId)) return false;
  if (event.channel === null) return filter.kinds === 'ALL' && filter.conversations === true;
  if (filter.channels && !filter.channels.includes(event.channel)) return false;
  return filter.kinds === 'ALL' || (filter.kinds === 'CREATED' ? event.kind === 'CREATED' : !NO_UPDATES.includes(event.kind));
}
