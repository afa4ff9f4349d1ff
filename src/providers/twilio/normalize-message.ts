import {
  type ActivityDraft,
  type DraftConsent,
  type DraftEvent,
  type DraftParty,
  IdentityKind,
} from '../../core/adapters/activity-draft.js';
import { ActivityStatus } from '../../core/adapters/activity-status.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { type WebhookParameters } from './form.js';
import { isWhatsApp, readMessageFields } from './message-fields.js';
import { attachmentsOf, missingMediaOf } from './message-media.js';
import { statusOfWord } from './message-status.js';
import { type MessageFields } from './message.schema.js';
import { oneItem } from './one-item.js';
import { optOutOf } from './opt-out.js';
import { valueOf } from './parameter-fields.js';
import { metadataOf } from './parameter-metadata.js';
import { partyName } from './party-name.js';
import { ERROR_FIELD, FAILURE_FIELD, isFallback, providerError } from './provider-error.js';

/** Parameters that are a field of the draft or a copy of one. */
const FIELDS: ReadonlySet<string> = new Set([
  'MessageSid', 'SmsSid', 'SmsMessageSid', 'AccountSid', 'ApiVersion', 'From', 'To', 'Body', 'SmsStatus', 'MessageStatus', 'NumMedia',
]); // oxfmt-ignore
const isField = (name: string): boolean => FIELDS.has(name) || (name.startsWith('Media') && /^Media(?:Url|ContentType)\d$/.test(name));

/**
 * A message webhook → one draft: an SMS or a WhatsApp message that came in, or a status of one of ours. Twilio sends no time with either.
 * What cannot be read is a problem, and so is a status word Twilio has not told us of. `activityId`: our own id of what a status is about.
 */
export function normalizeMessage(parameters: WebhookParameters, activityId?: string): NormalizedDelivery {
  const read = oneItem(readDraft(parameters, activityId));
  const missing = read.drafts[0]?.facts.direction === Direction.INBOUND ? missingMediaOf(parameters) : undefined;
  return missing === undefined ? read : { ...read, problems: [...read.problems, { index: 0, message: missing }] };
}

/** Whether the webhook brings a message, rather than a status of one. */
export function isInboundMessage(parameters: WebhookParameters): boolean {
  const word = valueOf(parameters, 'MessageStatus') || valueOf(parameters, 'SmsStatus');
  return word !== undefined && statusOfWord(word) === ActivityStatus.RECEIVED;
}

function readDraft(parameters: WebhookParameters, activityId: string | undefined): ActivityDraft | string {
  const fields = readMessageFields(parameters);
  if (typeof fields === 'string') return fields;
  // A status callback has both words, an older one SmsStatus alone, like an inbound message.
  const word = fields.MessageStatus ?? fields.SmsStatus;
  if (word === undefined) return 'Neither MessageStatus nor SmsStatus is given: it is no inbound message and no status of one.';
  const status = statusOfWord(word);
  if (status === undefined) return `The message status "${word}" is not known.`;
  if (status === ActivityStatus.RECEIVED) return inboundDraft(parameters, fields, word);
  return statusDraft(parameters, fields, word, status, activityId);
}

function inboundDraft(parameters: WebhookParameters, fields: MessageFields, word: string): ActivityDraft | string {
  if (!fields.From || !fields.To) return `${fields.From ? 'To' : 'From'} is missing from an inbound message.`;
  const channel = channelOf(parameters);
  const party = partyOf(fields);
  const consent = consentOf(channel, fields);
  // That it came in says it too, without bringing it.
  const isCallback = fields.MessageStatus !== undefined && fields.Body === undefined && fields.NumMedia === undefined;
  return {
    index: 0,
    channel,
    externalId: fields.MessageSid,
    ours: present(fields.To, fields.MessagingServiceSid),
    facts: {
      direction: Direction.INBOUND,
      from: fields.From,
      to: fields.To,
      ...(fields.Body !== undefined && { body: fields.Body }),
      ...(fields.OriginalRepliedMessageSid && { replyTo: fields.OriginalRepliedMessageSid }),
    },
    ...(party && { party }),
    ...(consent && { consent }),
    event: {
      ...statusEvent(word === 'received' && !isCallback ? 'in' : `status/${word}`, ActivityStatus.RECEIVED),
      metadata: metadataOf(parameters, isFallback(parameters) ? (name) => isField(name) || FAILURE_FIELD.test(name) : isField),
    },
    attachments: attachmentsOf(parameters, fields.NumMedia),
  };
}

/** Of WhatsApp: the name in its profile, and its number where the address is a user id. */
function partyOf({ ProfileName: name, WaId: digits }: MessageFields): DraftParty | undefined {
  if (!name && !digits) return undefined;
  const identities = digits && /^\d{7,15}$/.test(digits) ? [{ kind: IdentityKind.PHONE, value: `+${digits}` }] : [];
  return { identities, ...(name && { name: partyName(name) }) };
}

/** The words count in SMS alone; on WhatsApp only where Twilio says so. */
function consentOf(channel: Channel, fields: MessageFields): DraftConsent | undefined {
  const optedOut = optOutOf(channel === Channel.SMS ? fields : { OptOutType: fields.OptOutType });
  if (optedOut === undefined || !fields.From) return undefined;
  const { MessagingServiceSid: service } = fields;
  return { sender: fields.To ?? null, ...(service !== undefined && { service }), address: fields.From, optedOut };
}

function statusDraft(
  parameters: WebhookParameters,
  fields: MessageFields,
  word: string,
  status: ActivityStatus | null,
  activityId: string | undefined,
): ActivityDraft {
  // Before a messaging service has chosen a number, the service is the sender.
  const from = fields.From ?? fields.MessagingServiceSid;
  // What we sent by a service is from that service, and the number that it chose stands nowhere else.
  const isChosen = (name: string) => name === 'From' && activityId !== undefined && fields.MessagingServiceSid !== undefined;
  const metadata = metadataOf(parameters, (name) => (isField(name) && !isChosen(name)) || ERROR_FIELD.test(name));
  const consent = refusedByOptOut(fields);
  return {
    index: 0,
    ...(activityId && { activityId }),
    channel: channelOf(parameters),
    externalId: fields.MessageSid,
    ours: present(fields.From, fields.MessagingServiceSid),
    facts: { direction: Direction.OUTBOUND, ...(from && { from }), ...(fields.To && { to: fields.To }) },
    ...(consent && { consent }),
    event: {
      ...statusEvent(`status/${word}`, status),
      // What WhatsApp said of it stands in where Twilio has no words.
      error: providerError(fields.ErrorCode, fields.ErrorMessage ?? fields.ChannelStatusMessage),
      // A word without a status of ours is an event all the same, and metadata is where it is said.
      metadata: status === null ? { ...metadata, MessageStatus: word } : metadata,
    },
    attachments: [],
  };
}

/** Twilio keeps the person's own opt-out. Source: Twilio docs, error 21610. */
function refusedByOptOut({ ErrorCode, From, To, MessagingServiceSid: service }: MessageFields): DraftConsent | undefined {
  const sender = From ?? service;
  if (ErrorCode !== '21610' || !To || !sender) return undefined;
  return { sender, ...(service !== undefined && service !== sender && { service }), address: To, optedOut: true };
}

function channelOf(parameters: WebhookParameters): Channel {
  return isWhatsApp(parameters) ? Channel.WHATSAPP : Channel.SMS;
}

function statusEvent(request: string, status: ActivityStatus | null): DraftEvent {
  return { key: `webhook/message/${request}`, kind: 'STATUS', status, occurredAt: null, error: null, metadata: {} };
}

function present(...addresses: readonly (string | undefined)[]): readonly string[] {
  return addresses.filter((address) => address !== undefined);
}
