import { type SourcedDraft } from '../activities/sourced-draft.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { type DraftEvent } from '../adapters/activity-draft.js';
import { LIST } from '../adapters/provider-list.js';
import { type RecordedItem } from './recovered.js';

/** Whose list it is. */
interface Source {
  readonly provider: Provider;
  readonly accountId: string;
  readonly servesOnly: string | undefined;
}

/**
 * What a listed item is to the recorder: a draft of each event. Its files come with the first. Of one that turned out to be an attempt's of ours, also
 * that the provider has it, whatever has become of it since.
 */
export function draftsOf(
  { item, activityId }: RecordedItem,
  { provider, accountId, servesOnly }: Source,
  receivedAt: Date,
): readonly SourcedDraft[] {
  const { about, events, createdAt } = item;
  const all = activityId !== undefined && about.channel !== Channel.VOICE ? [acceptedAt(createdAt), ...events] : events;
  return all.map((event, i) => ({
    draft: {
      ...about,
      index: 0,
      ...(activityId !== undefined && { activityId }),
      event,
      attachments: i === 0 && activityId === undefined ? about.attachments : [],
    },
    provider,
    accountId,
    servesOnly,
    origin: Origin.RECONCILE,
    receivedAt,
    deliveryId: null,
  }));
}

/** As a send says it of an attempt that was accepted. */
function acceptedAt(occurredAt: Date): DraftEvent {
  return { key: `${LIST}accepted`, kind: 'STATUS', status: 'SENT', occurredAt, error: null, metadata: {} };
}
