import { badInput } from '../../platform/errors/coded-error.js';
import { type Json, type JsonObject } from '../adapters/activity-draft.js';
import { Channel } from '../adapters/channel.js';
import { DEEPEST, MOST_ELEMENTS, withinDepth } from '../adapters/html-depth.js';
import { type OutboundCall, type OutboundMail, type OutboundTemplate } from '../adapters/outbound.js';
import { textOfHtml } from '../adapters/mail-text.js';
import { replaceUnstorable } from '../adapters/storable-text.js';
import { canonicalNumber, identityOf } from '../contacts/identity.js';
import { readEmail, readRecipient } from '../contacts/recipient.js';
import { isPublicLink } from './public-link.js';
import { type SendRequest } from './send-request.js';
import { metadataOfSend } from './metadata-of-send.js';
import { readVariables } from './template-variables.js';

/** A request whose form is right. */
export interface ReadRequest {
  readonly recipients: readonly string[];
  readonly subject: string | null;
  /** Plain text; of an email without any, that of its HTML. */
  readonly body: string | null;
  readonly mediaUrls: readonly string[];
  readonly template: OutboundTemplate | undefined;
  readonly call: OutboundCall | undefined;
  readonly mail: OutboundMail | undefined;
  readonly idempotencyKey: string | null;
  readonly metadata: JsonObject;
}

const MOST_RECIPIENTS = 500;
const LONGEST_TEXT = 1_000_000;
const LONGEST_TOGETHER = 8_000_000;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DEEPEST_METADATA = 20;
const MOST_COPIES = 50;
export const LONGEST_KEY = 255;
const LONGEST_METADATA = 16_384;
const MOST_MEDIA = 10;
const LONGEST_LINK = 2_000;

/** Checks the form of a request. Throws BAD_USER_INPUT that names the field and says what would be right. */
export function readRequest(request: SendRequest): ReadRequest {
  const { channel } = request;
  checkLengths(request);
  const mail = readMail(request);
  // An agent speaks for itself.
  const text = request.call?.agent ? null : blankIsNull(request.body);
  const recipients = readRecipients(request);
  const mediaUrls = readMediaUrls(request.mediaUrls ?? []);
  const call = readCall(request.call, recipients[0]!);
  const read = {
    recipients,
    subject: channel === Channel.EMAIL ? readSubject(request.subject) : null,
    body: text ?? (mail?.html ? storable(textOfHtml(mail.html)) || null : null),
    mediaUrls,
    template: readTemplate(request.template),
    call,
    mail,
    idempotencyKey: readKey(request.idempotencyKey),
    metadata: metadataOfSend(channel, readMetadata(request.metadata), { to: recipients[0]!, mediaUrls, call, mail }),
  };
  checkSaysSomething(request, read, text);
  return read;
}

/** Before anything is read of it: HTML of a megabyte takes a quarter of a second to clean. */
function checkLengths({ to, body, mail, sendAt }: SendRequest): void {
  const [text, html] = [body?.length ?? 0, mail?.html?.length ?? 0];
  if (text > LONGEST_TEXT)
    throw badInput(mail ? 'text' : 'body', `${mail ? 'text' : 'body'} must have at most ${LONGEST_TEXT} characters.`);
  if (html > LONGEST_TEXT) throw badInput('html', `html must have at most ${LONGEST_TEXT} characters.`);
  if (to.length * (text + html) > LONGEST_TOGETHER)
    throw badInput('to', `to times what is said must be at most ${LONGEST_TOGETHER} characters: send to the others by another mutation.`);
  if (sendAt && (sendAt.getTime() > LATEST_MS || sendAt.getTime() < 0))
    throw badInput('sendAt', 'sendAt must be a time from 1970 to the year 9999.');
}

function readRecipients({ channel, to, mail }: SendRequest): string[] {
  const isList = channel === Channel.EMAIL;
  if (!to.length) throw badInput('to', 'to must have at least one address.');
  if (to.length > MOST_RECIPIENTS)
    throw badInput('to', `to must have at most ${MOST_RECIPIENTS} addresses: send the others by another mutation.`);
  if (to.length > 1 && (mail?.cc?.length || mail?.bcc?.length))
    throw badInput('to', 'to must have one address where there is cc or bcc: each address of to gets a mail of its own.');
  const seen = new Set<string>();
  return to.map((typed, i) => {
    const field = isList ? `to.${i}` : 'to';
    const read = readRecipient(channel, typed);
    if ('wanted' in read) throw badInput(field, `${field} must be ${read.wanted.en}.`);
    const name = identityOf(channel, read.address)?.value ?? read.address;
    if (seen.has(name)) throw badInput(field, `${field} is there twice.`);
    seen.add(name);
    return read.address;
  });
}

function readSubject(subject: string | null | undefined): string {
  const text = blankIsNull(subject);
  if (!text) throw badInput('subject', 'subject must not be empty.');
  if (/[\r\n]/.test(text)) throw badInput('subject', 'subject must be one line.');
  return text;
}

function readMail({ channel, mail }: SendRequest): OutboundMail | undefined {
  if (channel !== Channel.EMAIL) return undefined;
  const emails = (field: 'cc' | 'bcc'): string[] => {
    const list = mail?.[field] ?? [];
    if (list.length > MOST_COPIES) throw badInput(field, `${field} must have at most ${MOST_COPIES} addresses.`);
    return list.map((typed, i) => readEmail(typed) ?? fail(`${field}.${i}`));
  };
  const fail = (field: string): never => {
    throw badInput(field, `${field} must be an email address, such as ana@example.com.`);
  };
  if (mail?.html && withinDepth(mail.html).length < mail.html.length)
    throw badInput('html', `html must have at most ${MOST_ELEMENTS} elements, nested at most ${DEEPEST} deep.`);
  const replyTo = mail?.replyTo == null ? null : (readEmail(mail.replyTo) ?? fail('replyTo'));
  return { html: blankIsNull(mail?.html), cc: emails('cc'), bcc: emails('bcc'), replyTo };
}

function readMediaUrls(urls: readonly string[]): readonly string[] {
  if (urls.length > MOST_MEDIA) throw badInput('mediaUrls', `mediaUrls must have at most ${MOST_MEDIA} links.`);
  urls.forEach((url, i) => {
    if (url !== storable(url) || url.length > LONGEST_LINK || !isPublicLink(url))
      throw badInput(
        `mediaUrls.${i}`,
        `mediaUrls.${i} must be a public link that begins with https://, of at most ${LONGEST_LINK} characters, without spaces or credentials.`,
      );
  });
  return urls;
}

function readTemplate(given: SendRequest['template']): OutboundTemplate | undefined {
  if (!given) return undefined;
  const variables = readVariables(given.variables);
  if (!variables)
    throw badInput('template.variables', 'template.variables must be an object of texts, such as { "1": "Ana" }, or a list of them.');
  const id = given.id.trim();
  if (!id || id.length > 512 || id !== storable(id))
    throw badInput('template.id', "template.id must be a content SID (Twilio) or a template's name (Meta).");
  return { id, language: blankIsNull(given.language), variables: replaceUnstorable(variables) };
}

function readCall(call: OutboundCall | undefined, to: string): OutboundCall | undefined {
  if (!call) return undefined;
  if (!call.agent) return { ...call, agent: null, say: blankIsNull(call.say) };
  const agent = readRecipient(Channel.VOICE, call.agent);
  if ('wanted' in agent) throw badInput('agent', `agent must be ${agent.wanted.en}.`);
  if (canonicalNumber(agent.address) === canonicalNumber(to))
    throw badInput('agent', 'agent must be another number than the one that is called.');
  return { ...call, agent: agent.address, say: null };
}

function readKey(key: string | null | undefined): string | null {
  if (key == null) return null;
  if (!key || key.length > LONGEST_KEY || key !== storable(key))
    throw badInput(
      'idempotencyKey',
      `idempotencyKey must have 1 to ${LONGEST_KEY} characters, none of them U+0000 or half of a surrogate pair.`,
    );
  return key;
}

function readMetadata(metadata: unknown): JsonObject {
  if (metadata != null && (typeof metadata !== 'object' || Array.isArray(metadata)))
    throw badInput('metadata', 'metadata must be an object.');
  if (depthOf(metadata, DEEPEST_METADATA + 1) > DEEPEST_METADATA)
    throw badInput('metadata', `metadata must be at most ${DEEPEST_METADATA} levels deep.`);
  const given = replaceUnstorable((metadata ?? {}) as { readonly [name: string]: Json });
  if (JSON.stringify(given).length > LONGEST_METADATA)
    throw badInput('metadata', `metadata must have at most ${LONGEST_METADATA} characters as JSON.`);
  return given;
}

/** No deeper than `most` is looked. */
function depthOf(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null || most === 0) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, member) => Math.max(deepest, depthOf(member, most - 1)), 0);
}

function checkSaysSomething(
  { channel, mediaIds, attachments }: SendRequest,
  { body, mediaUrls, template, call, mail }: Omit<ReadRequest, 'recipients'>,
  text: string | null,
): void {
  if (template && text !== null) throw badInput('template', 'template and body do not go together: a template says all.');
  if (template && mediaUrls.length) throw badInput('mediaUrls', 'mediaUrls and template do not go together: a template says all.');
  if (template && mediaIds?.length) throw badInput('mediaIds', 'mediaIds and template do not go together: a template says all.');
  if (channel === Channel.EMAIL && text === null && !mail?.html) throw badInput('text', 'text or html must say something.');
  if (call && !call.agent && !call.say) throw badInput('say', 'say must say something where no agent is given.');
  if (mail?.html && body === null && !/<img\b/i.test(mail.html) && !attachments?.length && !mediaIds?.length)
    throw badInput('html', 'html must say something: it has neither text nor an image.');
  const something = body !== null || mail?.html || template || call || mediaUrls.length || mediaIds?.length || attachments?.length;
  if (!something) throw badInput('body', 'body must say something where nothing else is sent.');
}

function blankIsNull(text: string | null | undefined): string | null {
  return text?.trim() ? storable(text) : null;
}

function storable(text: string): string {
  return replaceUnstorable(text);
}
