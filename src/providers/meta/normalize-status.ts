import { type ActivityDraft } from '../../core/adapters/activity-draft.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { isUuid } from '../../core/access/uuid.js';
import { addressOf, contactOf, partyOf } from './identities.js';
import { statusOfWord } from './message-status.js';
import { idAt, timeOf } from './payload-fields.js';
import { metadataOf } from './payload-metadata.js';
import { readStatus } from './payload.schema.js';
import { type Place } from './place.js';
import { providerError } from './provider-error.js';

const FIELDS = ['id', 'status', 'timestamp', 'recipient_id'];
const OUR_ID = 'biz_opaque_callback_data';

/**
 * An item of `statuses` → one draft: what became of a message of ours. Those of a group's members are events of their own.
 * Or the sentence that says why there is none.
 */
export function normalizeStatus(item: unknown, place: Place): ActivityDraft | string {
  const fields = readStatus(item);
  if (typeof fields === 'string') return fields;
  const status = statusOfWord(fields.status);
  if (status === undefined) return `The message status "${fields.status}" is not known.`;
  const [recipient, userId, ours] = [idAt(fields, 'recipient_id'), idAt(fields, 'recipient_user_id'), idAt(fields, OUR_ID)];
  const activityId = ours !== undefined && isUuid(ours) ? ours : undefined;
  const error = providerError(fields);
  const isGroup = fields.recipient_type === 'group';
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
      metadata: metadataOf(fields, [...FIELDS, ...(activityId ? [OUR_ID] : []), ...(error ? ['errors'] : [])]),
    },
    attachments: [],
    // A group is nobody's contact, and the member that a status names is not the one the message is with.
    ...(!isGroup && to !== undefined && { party: partyOf([recipient, userId], contactOf(place.value, [recipient, userId])) }),
  };
}
