import { type ActivityDraft, type DraftEvent, type IdentityLink } from '../../core/adapters/activity-draft.js';
import { ActivityStatus } from '../../core/adapters/activity-status.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { STAND_IN } from '../../core/adapters/stand-in.js';
import { foldedDraft } from './folded-message.js';
import { addressOf, contactOf, isInGroup, partyOf } from './identities.js';
import { attachmentsOf, bodyOf, fieldsOf } from './message-content.js';
import { idAt, memberOf, timeOf } from './payload-fields.js';
import { metadataOf } from './payload-metadata.js';
import { type Message, readMessage } from './payload.schema.js';
import { type Place, type Sides } from './place.js';
import { providerError } from './provider-error.js';
import { linkOf } from './system-message.js';

/**
 * What WhatsApp does not pass on, or not yet: after 131060 ("not available now") the message may come with the same id.
 * Source: Meta, WhatsApp Cloud API, Webhooks, unsupported messages webhook reference.
 */
const UNSUPPORTED = 'unsupported';

/**
 * An item of `messages` → one draft of a message that came in, whatever its type; a reaction, an edit or a revocation → one of the message it
 * is about; a system message → a link of identities, or nothing. Or the sentence that says why there is none.
 */
export function normalizeMessage(item: unknown, place: Place): ActivityDraft | IdentityLink | string | undefined {
  const message = readMessage(item);
  if (typeof message === 'string') return message;
  if (message.type === 'system') return linkOf(message, place);
  const ids = [idAt(message, 'from'), idAt(message, 'from_user_id')];
  const from = ids.find((id) => id !== undefined);
  if (from === undefined) return 'Neither from nor from_user_id is given.';
  const sides = { direction: Direction.INBOUND, ids, from: addressOf(from), to: place.number };
  return foldedDraft(message, sides, place) ?? messageDraft(message, sides, place, { request: 'in', status: ActivityStatus.RECEIVED });
}

/**
 * An item of `message_echoes`: what the owner wrote in the phone app, or there reacted to, edited or revoked.
 * Source: Meta, WhatsApp Cloud API, Webhooks, smb_message_echoes webhook reference.
 */
export function normalizeEcho(item: unknown, place: Place): ActivityDraft | string {
  const message = readMessage(item);
  if (typeof message === 'string') return message;
  const ids = [idAt(message, 'to'), idAt(message, 'to_user_id')];
  const to = ids.find((id) => id !== undefined);
  if (to === undefined) return 'Neither to nor to_user_id is given.';
  const sides = { direction: Direction.OUTBOUND, ids, from: place.number, to: addressOf(to) };
  return (
    foldedDraft(message, sides, place) ?? {
      ...messageDraft(message, sides, place, { request: 'echo', status: ActivityStatus.SENT }),
      origin: 'ECHO',
    }
  );
}

function messageDraft(
  message: Message,
  { direction, ids, from, to }: Sides,
  place: Place,
  { request, status }: { readonly request: string; readonly status: ActivityStatus },
): ActivityDraft {
  const contact = contactOf(place, ids);
  const [body, replyTo] = [bodyOf(message), idAt(message, 'context', 'id')];
  const error = providerError(message);
  const event: DraftEvent = {
    key: `${message.type === UNSUPPORTED ? STAND_IN : 'webhook/message/'}${request}`,
    kind: 'STATUS',
    status,
    occurredAt: timeOf(message),
    // Of what WhatsApp could not pass on, why.
    error,
    metadata: {
      ...metadataOf({ ...message, profile: memberOf(contact, 'profile') }, [...fieldsOf(message), ...(error ? ['errors'] : [])]),
      // Which sender it was with: the number that people see is none of its names.
      phone_number_id: place.phoneNumberId,
    },
  };
  return {
    index: place.index,
    channel: Channel.WHATSAPP,
    externalId: message.id,
    ours: [place.phoneNumberId],
    facts: { direction, from, to, ...(body !== undefined && { body }), ...(replyTo !== undefined && { replyTo }) },
    event,
    attachments: attachmentsOf(message),
    // Who writes in a group is a person; what the owner writes there is to none.
    ...(direction === Direction.OUTBOUND && isInGroup(message) ? { toGroup: true } : { party: partyOf(ids, contact) }),
    ...(isInGroup(message) && { inGroup: true }),
  };
}
