import { type ActivityDraft, type ActivityFacts, type DraftEvent, type DraftReaction } from '../../core/adapters/activity-draft.js';
import { Channel } from '../../core/adapters/channel.js';
import { contactOf, isInGroup, partyOf } from './identities.js';
import { bodyOf } from './message-content.js';
import { idAt, memberOf, timeOf } from './payload-fields.js';
import { metadataOf } from './payload-metadata.js';
import { type Message } from './payload.schema.js';
import { type Place, type Sides } from './place.js';

/** What a type says of another message, and where it names it. */
interface Folding {
  readonly kind: DraftEvent['kind'];
  readonly about: string;
  readonly says: (content: unknown, from: string) => { readonly facts?: ActivityFacts; readonly reaction?: DraftReaction };
}

/** Source: Meta, WhatsApp Cloud API, Webhooks, reaction, edit and revoke messages webhook references. */
const FOLDINGS: ReadonlyMap<string, Folding> = new Map<string, Folding>([
  [
    'reaction',
    {
      kind: 'REACTION',
      about: 'message_id',
      // Without an emoji, or with an empty one, it was taken back.
      says: (content, from) => ({ reaction: { from, emoji: idAt(content, 'emoji') ?? null } }),
    },
  ],
  [
    'edit',
    {
      kind: 'EDITED',
      about: 'original_message_id',
      says: (content) => {
        const message = memberOf(content, 'message');
        const body = typeof message === 'object' && message !== null ? bodyOf(message) : undefined;
        return body === undefined ? {} : { facts: { body } };
      },
    },
  ],
  ['revoke', { kind: 'DELETED', about: 'original_message_id', says: () => ({}) }],
]);

/**
 * A message that is none of its own: an event of the one it names. It names no address of ours, so that it waits for that one instead of
 * making it. Undefined for a message of its own; a sentence where it does not say which it is about. docs/decisions/0011
 */
export function foldedDraft(message: Message, { ids, from }: Sides, place: Place): ActivityDraft | string | undefined {
  const folding = FOLDINGS.get(message.type);
  if (!folding) return undefined;
  const content = memberOf(message, message.type);
  const about = idAt(content, folding.about);
  if (about === undefined) return `${message.type}.${folding.about} is missing.`;
  const { facts = {}, reaction } = folding.says(content, from);
  return {
    index: place.index,
    channel: Channel.WHATSAPP,
    externalId: about,
    ours: [],
    facts,
    event: {
      key: `webhook/message/${message.type}/${message.id}`,
      kind: folding.kind,
      status: null,
      occurredAt: timeOf(message),
      error: null,
      // Its type is not that of the message it is about.
      metadata: metadataOf(reaction ? message : { [message.type]: content }, FIELDS),
    },
    attachments: [],
    ...(reaction && { reaction: { ...reaction, to: place.phoneNumberId } }),
    // In a group it need not be the one that the message is with.
    ...(isInGroup(message) ? { inGroup: true } : { party: partyOf(ids, contactOf(place, ids)) }),
  };
}

const FIELDS = ['id', 'from', 'to', 'timestamp'];
