import {
  codeToPlay,
  invalid,
  LATE_FAILURES,
  MISSING_PARAMETER,
  type MetaRefusal,
  REFUSALS,
  UNKNOWN_TEMPLATE,
  WRONG_VARIABLES,
} from './meta-errors.js';
import { filled, SAMPLE_TEMPLATES } from './sample-templates.js';

/** What was asked for, once it is known to be in order. */
export interface MetaWish {
  readonly to: string;
  readonly type: string;
  /** What of it can be read. */
  readonly text: string;
  /** A link that Meta is to fetch. */
  readonly link: string | null;
  /** The id of an uploaded file. */
  readonly mediaId: string | null;
  readonly callbackData: string | null;
  /** The code it fails with later; null: it arrives. */
  readonly errorCode: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

const TYPES = ['text', 'image', 'video', 'audio', 'document', 'sticker', 'template', 'reaction', 'location', 'contacts', 'interactive'];
const FILES = ['image', 'video', 'audio', 'document', 'sticker'];
const LONGEST_TEXT = 4096;
const LONGEST_CAPTION = 1024;

/** What a request for a message asks for, or why Meta refuses it. Source: Meta, WhatsApp Cloud API, Messages. */
export function readMetaWish(body: unknown): MetaWish | MetaRefusal {
  if (!isFields(body) || body.messaging_product !== 'whatsapp') return invalid('The parameter messaging_product is required.');
  const to = textAt(body, 'to') ?? textAt(body, 'recipient');
  if (to === undefined) return invalid('The parameter to is required.');
  const type = textAt(body, 'type') ?? 'text';
  if (!TYPES.includes(type))
    return invalid(`Param type must be one of {${TYPES.map((one) => one.toUpperCase()).join(', ')}} - got "${type}".`);
  if (!isRecipient(to)) return invalid(`Param to must be a phone number - got "${to}".`);
  const content = body[type];
  if (content === undefined || (type !== 'contacts' && !isFields(content))) return MISSING_PARAMETER(`Parameter '${type}' is required.`);
  const read = readContent(type, isFields(content) ? content : {});
  if ('code' in read) return read;
  const context = body.context;
  if (context !== undefined && (!isFields(context) || textAt(context, 'message_id') === undefined))
    return MISSING_PARAMETER("Parameter 'context.message_id' is required.");
  const code = codeToPlay(to, read.text);
  if (code !== undefined && REFUSALS[code]) return REFUSALS[code];
  const errorCode = code !== undefined && LATE_FAILURES[code] ? code : null;
  return { link: null, mediaId: null, ...read, to, type, errorCode, callbackData: textAt(body, 'biz_opaque_callback_data') ?? null };
}

function readContent(type: string, content: Fields): (Pick<MetaWish, 'text'> & Partial<Pick<MetaWish, 'link' | 'mediaId'>>) | MetaRefusal {
  if (type === 'text') {
    const text = textAt(content, 'body');
    if (text === undefined) return MISSING_PARAMETER("Parameter 'text.body' is required.");
    return text.length > LONGEST_TEXT ? invalid(`Param text['body'] must be at most ${LONGEST_TEXT} characters long.`) : { text };
  }
  if (FILES.includes(type)) {
    const [link, mediaId, text = ''] = [textAt(content, 'link'), textAt(content, 'id'), textAt(content, 'caption')];
    if ((link === undefined) === (mediaId === undefined)) return invalid(`Param ${type} must have either an id or a link.`);
    if (link !== undefined && !/^https?:\/\/\S+$/.test(link)) return invalid(`Param ${type}['link'] is not a valid URL.`);
    if (text.length > LONGEST_CAPTION) return invalid(`Param ${type}['caption'] must be at most ${LONGEST_CAPTION} characters long.`);
    return { text, link: link ?? null, mediaId: mediaId ?? null };
  }
  if (type === 'template') return readTemplate(content);
  if (type === 'reaction' && textAt(content, 'message_id') === undefined)
    return MISSING_PARAMETER("Parameter 'reaction.message_id' is required.");
  return { text: '' };
}

function readTemplate(content: Fields): Pick<MetaWish, 'text'> | MetaRefusal {
  const [name = '', language = ''] = [textAt(content, 'name'), isFields(content.language) ? textAt(content.language, 'code') : undefined];
  if (!name || !language) return MISSING_PARAMETER(`Parameter 'template.${name ? 'language.code' : 'name'}' is required.`);
  const template = SAMPLE_TEMPLATES.find((one) => one.name === name && one.language === language && one.status === 'APPROVED');
  if (!template) return UNKNOWN_TEMPLATE(name, language);
  const components = Array.isArray(content.components) ? content.components.filter(isFields) : [];
  const body = components.find((one) => textAt(one, 'type')?.toLowerCase() === 'body');
  const given = Array.isArray(body?.parameters) ? body.parameters.filter(isFields).map((one) => textAt(one, 'text') ?? '') : [];
  const wanted = Object.keys(template.variables).length;
  if (given.length !== wanted) return WRONG_VARIABLES(given.length, wanted);
  return { text: filled(template.body, Object.fromEntries(given.map((text, i) => [String(i + 1), text]))) };
}

/** A number, or a business-scoped user id. */
function isRecipient(to: string): boolean {
  return /^\+?[\d ()-]{7,20}$/.test(to) || isUserId(to);
}

export const isUserId = (to: string): boolean => /^[A-Z]{2}\.\w{1,128}$/.test(to);

/**
 * The id that a number has on WhatsApp: of mobiles in Mexico and Argentina not what we write. Source: Meta, WhatsApp Cloud API, Phone
 * numbers; known of both countries.
 */
export function waIdOf(to: string): string {
  const digits = to.replace(/\D/g, '');
  if (/^52[2-9]\d{9}$/.test(digits)) return `521${digits.slice(2)}`;
  return /^54[1-8]\d{9}$/.test(digits) ? `549${digits.slice(2)}` : digits;
}

/** An item of `statuses`. Source: Meta, WhatsApp Cloud API, Webhooks, status messages webhook reference. */
export function statusItem(id: string, status: string, { to, callbackData, errorCode, type }: MetaWish, at: Date): object {
  const failure = status === 'failed' && errorCode !== null ? LATE_FAILURES[errorCode] : undefined;
  return {
    id,
    status,
    timestamp: String(Math.floor(at.getTime() / 1000)),
    ...(isUserId(to) ? { recipient_id: '', recipient_user_id: to } : { recipient_id: waIdOf(to) }),
    ...(callbackData !== null && { biz_opaque_callback_data: callbackData }),
    ...(failure && {
      errors: [{ code: errorCode, title: failure.title, message: failure.title, error_data: { details: failure.details } }],
    }),
    ...((status === 'sent' || status === 'delivered') && {
      pricing: {
        billable: type === 'template',
        pricing_model: 'PMP',
        type: type === 'template' ? 'regular' : 'free_customer_service',
        category: type === 'template' ? 'utility' : 'service',
      },
    }),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textAt(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
