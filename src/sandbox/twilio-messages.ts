import { valueOf } from './form-parameters.js';
import { type MessageMedia, segmentsOf } from './inbound-message.js';
import { codeToPlay, LATE_FAILURES, magicRefusal, refuse, type TwilioRefusal } from './twilio-errors.js';
import { filled } from './sample-templates.js';
import { templateOf } from './twilio-templates.js';
import { dateTime } from './twilio-lists.js';

/** A message as Twilio keeps it. */
export interface TwilioMessage {
  readonly sid: string;
  readonly accountSid: string;
  /** None until a messaging service has chosen one. */
  from: string | null;
  readonly to: string;
  readonly body: string;
  readonly messagingServiceSid: string | null;
  readonly direction: 'inbound' | 'outbound-api';
  readonly media: readonly MessageMedia[];
  status: string;
  errorCode: number | null;
  readonly createdAt: Date;
  updatedAt: Date;
  sentAt: Date | null;
}

/** What was asked for, once it is known to be in order. */
export interface MessageWish {
  readonly from: string | null;
  readonly messagingServiceSid: string | null;
  readonly to: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  readonly statusCallback: string | null;
  /** What becomes of it. */
  readonly fate: MessageFate;
}

/** The statuses it goes through once it was taken, and why it ends as the last of them. */
export interface MessageFate {
  readonly statuses: readonly string[];
  readonly errorCode: number | null;
}

const LONGEST_BODY = 1600;
const MOST_MEDIA = 10;
/** In E.164, or a person of WhatsApp who shows none. */
const TO = /^(?:(?:rcs:)?\+[1-9]\d{6,14}|whatsapp:(?:\+[1-9]\d{6,14}|[A-Z]{2}\.\w{1,128}))$/;
/** A number, a short code, a name or an RCS agent. */
const FROM = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[\w &+.:-]{1,11}|rcs:[\w-]{1,100}|whatsapp:\+[1-9]\d{6,14})$/;
/** Twilio calls no host whose name has an underscore. */
const CALLBACK = /^https?:\/\/[^\s/?#_]+(?:[/?#]\S*)?$/;

/** What a request for a message asks for, or why Twilio refuses it. Source: Twilio docs, Message resource; Error and warning dictionary. */
export function readMessageWish(form: URLSearchParams): MessageWish | TwilioRefusal {
  const [to, from, service] = [valueOf(form, 'To'), valueOf(form, 'From') ?? null, valueOf(form, 'MessagingServiceSid') ?? null];
  if (to === undefined) return refuse(21604, "A 'To' phone number is required.");
  if (from === null && service === null) return refuse(21603, "A 'From' phone number is required.");
  const content = readContent(form);
  if ('code' in content) return content;
  const { body, templateFailure } = content;
  const mediaUrls = form.getAll('MediaUrl').filter(Boolean);
  if (body === '' && mediaUrls.length === 0) return refuse(21602, 'Message body is required.');
  if (body.length > LONGEST_BODY) return refuse(21617, `The concatenated message body exceeds the ${LONGEST_BODY} character limit.`);
  if (mediaUrls.length > MOST_MEDIA) return refuse(21623, `Number of media files exceeds allowed limit of ${MOST_MEDIA}.`);
  if (!mediaUrls.every((url) => /^https?:\/\/\S+$/.test(url))) return refuse(21620, 'Invalid media URL(s)');
  if (service !== null && !/^MG[0-9a-zA-Z]{32}$/.test(service)) return refuse(21701, 'The Messaging Service does not exist.', 404);
  if (!TO.test(to)) return refuse(21211, `The 'To' number ${to} is not a valid phone number.`);
  if (from !== null && !FROM.test(from))
    return refuse(21212, `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`);
  if (from !== null && isWhatsApp(from) !== isWhatsApp(to))
    return refuse(21910, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel");
  const statusCallback = valueOf(form, 'StatusCallback') ?? null;
  if (statusCallback !== null && !CALLBACK.test(statusCallback))
    return refuse(21609, `The 'StatusCallback' URL ${statusCallback} is not a valid URL.`);
  const refusal = magicRefusal(bareAddress(to), bareAddress(from ?? ''), body);
  if (refusal) return refusal;
  const code = templateFailure !== undefined && isWhatsApp(to) ? templateFailure : codeToPlay(bareAddress(to), body);
  return { from, messagingServiceSid: service, to, body, mediaUrls, statusCallback, fate: fateOf(isWhatsApp(to), code) };
}

/** The text, a template's variables filled in. */
function readContent(form: URLSearchParams): { readonly body: string; readonly templateFailure?: number } | TwilioRefusal {
  const contentSid = valueOf(form, 'ContentSid');
  if (contentSid === undefined) return { body: form.get('Body') ?? '' };
  const template = templateOf(contentSid);
  if (!template) return refuse(21655, 'The ContentSid is Invalid');
  const variables = readVariables(valueOf(form, 'ContentVariables') ?? '{}');
  if (!variables) return refuse(21656, 'The ContentVariables Parameter is invalid');
  const isComplete = Object.keys(template.variables).every((name) => variables[name]);
  return { body: filled(template.body, variables), ...(!isComplete && { templateFailure: 63028 }) };
}

function readVariables(json: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.values(value).every((text) => typeof text === 'string') ? (value as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

/** `errorCode`: why it fails; one that is none of a failure fails nothing. */
function fateOf(toWhatsApp: boolean, errorCode?: number): MessageFate {
  const failure = errorCode === undefined ? undefined : LATE_FAILURES[errorCode];
  if (failure) return { statuses: failure.status === 'failed' ? ['failed'] : ['sent', 'undelivered'], errorCode: errorCode! };
  return { statuses: toWhatsApp ? ['sent', 'delivered', 'read'] : ['sent', 'delivered'], errorCode: null };
}

export const isWhatsApp = (address: string): boolean => address.startsWith('whatsapp:');
export const bareAddress = (address: string): string => address.replace(/^whatsapp:/, '');

/** A message as the API shows it. Source: Twilio docs, Message resource. */
export function presentMessage(message: TwilioMessage): object {
  const { sid, accountSid } = message;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: dateTime(message.createdAt),
    date_sent: message.sentAt && dateTime(message.sentAt),
    date_updated: dateTime(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : (LATE_FAILURES[message.errorCode]?.message ?? null),
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.media.length),
    num_segments: String(segmentsOf(message.body)),
    price: null,
    price_unit: 'USD',
    sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** A file of a message as the API shows it. Source: Twilio docs, Media subresource. */
export function presentMedia({ accountSid, sid, createdAt }: TwilioMessage, media: MessageMedia): object {
  return {
    sid: media.sid,
    account_sid: accountSid,
    parent_sid: sid,
    content_type: media.contentType,
    date_created: dateTime(createdAt),
    date_updated: dateTime(createdAt),
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/${media.sid}.json`,
  };
}
