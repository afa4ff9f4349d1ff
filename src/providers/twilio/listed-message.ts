import { type MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import { type ActivityFacts, type DraftEvent } from '../../core/adapters/activity-draft.js';
import { ActivityStatus } from '../../core/adapters/activity-status.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { LIST, type ListedItem } from '../../core/adapters/provider-list.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { isListedId, timeOf } from './listed-fields.js';
import { statusOfWord } from './message-status.js';
import { optOutOf } from './opt-out.js';
import { bareAddress, WHATSAPP } from './parameter-fields.js';
import { providerError } from './provider-error.js';

/** What is read of a message in Twilio's list. */
export type MessageInList = Pick<
  MessageInstance,
  | 'sid'
  | 'from'
  | 'to'
  | 'body'
  | 'status'
  | 'direction'
  | 'numMedia'
  | 'errorCode'
  | 'messagingServiceSid'
  | 'dateSent'
  | 'dateCreated'
  | 'dateUpdated'
>;

/** A message on its way: its webhooks may still come, and a later list has what became of it. */
const UNDER_WAY: ReadonlySet<string> = new Set(['accepted', 'queued', 'scheduled', 'sending', 'receiving', 'partially_delivered']);
/** What comes after `sent`. */
const AFTER_SENT: ReadonlySet<string> = new Set(['delivered', 'undelivered', 'read']);

/** A message of the list → what is told of it, or the sentence that says why nothing is. Source: Twilio docs, Message resource. */
export function readListedMessage(message: MessageInList): ListedItem | string {
  const { sid, status: word, direction: course } = message;
  if (!isListedId(sid)) return 'A message without a sid.';
  const status = statusOfWord(word);
  if (status === undefined) return `The message status "${word}" is not known.`;
  const [sentAt, madeAt] = [timeOf(message.dateSent), timeOf(message.dateCreated)];
  const createdAt = madeAt ?? sentAt;
  if (!createdAt) return 'A message without a time.';
  const channel = [message.from, message.to].some((address) => WHATSAPP.test(address ?? '')) ? Channel.WHATSAPP : Channel.SMS;
  const [from, to] = [message.from, message.to].map((address) => (address ? replaceUnstorable(bareAddress(address)) : undefined));
  const service = message.messagingServiceSid || undefined;
  const isInbound = course === 'inbound';
  if (isInbound && (!from || !to)) return `${from ? 'To' : 'From'} is missing from an inbound message.`;
  const body = typeof message.body === 'string' ? replaceUnstorable(message.body) : undefined;
  const optedOut = isInbound && channel === Channel.SMS ? optOutOf({ Body: body, To: to }) : undefined;
  const changedAt = timeOf(message.dateUpdated) ?? createdAt;
  return {
    about: {
      channel,
      externalId: sid,
      ours: [isInbound ? to : from, service].filter((address) => address !== undefined),
      facts: factsOf({ direction: isInbound ? Direction.INBOUND : Direction.OUTBOUND, from: from ?? service, to, body }),
      attachments: [],
      ...(optedOut !== undefined && from && { consent: { sender: to ?? null, ...(service && { service }), address: from, optedOut } }),
    },
    events: UNDER_WAY.has(word) ? [] : isInbound ? [inboundEvent(sentAt ?? createdAt)] : outboundEvents(message, status, sentAt, changedAt),
    createdAt,
    changedAt,
    hasFiles: Number(message.numMedia) > 0,
  };
}

function factsOf({ direction, from, to, body }: ActivityFacts): ActivityFacts {
  return { direction, ...(from && { from }), ...(to && { to }), ...(body !== undefined && { body }) };
}

function inboundEvent(occurredAt: Date): DraftEvent {
  return { key: `${LIST}message/in`, kind: 'STATUS', status: ActivityStatus.RECEIVED, occurredAt, error: null, metadata: {} };
}

/**
 * That it was sent, of what came further, and what it came to. Of that the list has the time of its last change alone, which a change of the price
 * may be too. No sentence of an error: a status callback brings none, and its code has words of ours.
 */
function outboundEvents(
  { status: word, errorCode }: MessageInList,
  status: ActivityStatus | null,
  sentAt: Date | null,
  changedAt: Date,
): readonly DraftEvent[] {
  const event = (name: string, reached: ActivityStatus | null, occurredAt: Date | null, error: DraftEvent['error']): DraftEvent => ({
    key: `${LIST}message/status/${name}`,
    kind: 'STATUS',
    status: reached,
    occurredAt,
    error,
    metadata: {},
  });
  if (word === 'sent') return [event(word, status, sentAt, null)];
  const failed = status === ActivityStatus.FAILED || status === ActivityStatus.UNDELIVERED;
  const error = failed && errorCode ? providerError(String(errorCode), undefined) : null;
  const reached = event(word, status, changedAt, error);
  return sentAt && AFTER_SENT.has(word) ? [event('sent', ActivityStatus.SENT, sentAt, null), reached] : [reached];
}
