import { createHash } from 'node:crypto';
import { type ActivityDraft } from '../../core/adapters/activity-draft.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { isUuid } from '../../platform/database/uuid.js';
import { addressOf, contactOf, isGroupId, partyOf } from './identities.js';
import { statusOfWord } from './message-status.js';
import { idAt, timeOf } from './payload-fields.js';
import { metadataOf } from './payload-metadata.js';
import { readStatus, type Status } from './payload.schema.js';
import { type Place } from './place.js';
import { providerError } from './provider-error.js';

const FIELDS = ['id', 'status', 'timestamp', 'recipient_id'];
const OUR_ID = 'biz_opaque_callback_data';

/** The status of a message, where Meta says what it is of. */
const OF_A_MESSAGE = 'message';

/**
 * An item of `statuses` → one draft: what became of a message of ours, or of what was asked for in it (a payment). Those of a group's members
 * are events of their own. Or the sentence that says why there is none.
 */
export function normalizeStatus(item: unknown, place: Place): ActivityDraft | string {
  const fields = readStatus(item);
  if (typeof fields === 'string') return fields;
  const ours = idAt(fields, OUR_ID);
  const activityId = ours !== undefined && isUuid(ours) ? ours : undefined;
  if (fields.type && fields.type !== OF_A_MESSAGE) return statusOfAnother(fields, fields.type, activityId, place);
  const status = statusOfWord(fields.status);
  if (status === undefined) return `The message status "${fields.status}" is not known.`;
  const [recipient, userId] = [idAt(fields, 'recipient_id'), idAt(fields, 'recipient_user_id')];
  const error = providerError(fields);
  const isGroup = fields.recipient_type === 'group' || (recipient !== undefined && isGroupId(recipient));
  const member = idAt(fields, 'recipient_participant_id') ?? idAt(fields, 'recipient_participant_user_id');
  const to = recipient === undefined ? userId : isGroup ? recipient : addressOf(recipient);
  return {
    index: place.index,
    channel: Channel.WHATSAPP,
    externalId: fields.id,
    ...(activityId && { activityId }),
    ours: [place.phoneNumberId],
    facts: { direction: Direction.OUTBOUND, from: place.number, ...(to !== undefined && { to }) },
    event: {
      key: `webhook/message/status/${fields.status}${isGroup && member ? `/${member}` : ''}`,
      kind: 'STATUS',
      status,
      occurredAt: timeOf(fields),
      error,
      metadata: {
        ...metadataOf(fields, [...FIELDS, ...(activityId ? [OUR_ID] : []), ...(error ? ['errors'] : [])]),
        phone_number_id: place.phoneNumberId,
      },
    },
    attachments: [],
    // The member that a status names is not the one the message is with.
    ...(isGroup && { toGroup: true }),
    ...(!isGroup && to !== undefined && { party: partyOf([recipient, userId], contactOf(place, [recipient, userId])) }),
  };
}

/**
 * A status that is not the message's own: an event of the message, which waits for it. Its words are not a message's (`captured`), and where they
 * are (`failed`) they say nothing of the message. What it is of has ids that differ by type, so all it says is its key, as a hash.
 * Source: Meta, WhatsApp Cloud API, Payments API, payment status webhooks.
 */
function statusOfAnother(fields: Status, type: string, activityId: string | undefined, place: Place): ActivityDraft {
  const metadata = metadataOf(fields, ['id', 'timestamp', 'recipient_id', ...(activityId ? [OUR_ID] : [])]);
  const occurredAt = timeOf(fields);
  const hash = createHash('sha256')
    .update(JSON.stringify([occurredAt, metadata]))
    .digest('base64url')
    .slice(0, 16);
  return {
    index: place.index,
    channel: Channel.WHATSAPP,
    externalId: fields.id,
    ...(activityId && { activityId }),
    ours: [],
    facts: {},
    event: {
      key: `webhook/message/status/${type}/${fields.status}/${hash}`,
      kind: 'STATUS',
      status: null,
      occurredAt,
      error: null,
      metadata,
    },
    attachments: [],
  };
}
