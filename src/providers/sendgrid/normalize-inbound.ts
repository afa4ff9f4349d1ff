import { createHash } from 'node:crypto';
import { type ActivityDraft, type DraftAttachment, type DraftParty, type JsonObject } from '../../core/adapters/activity-draft.js';
import { ActivityStatus } from '../../core/adapters/activity-status.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { withinDepth } from '../../core/adapters/html-depth.js';
import { emailReference } from '../../core/adapters/email-reference.js';
import { domainOf, mailboxName, mailboxOf } from '../../core/adapters/mailbox.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { type Envelope, envelopeOf } from './envelope.js';
import { type Mail, type MailAddress } from './mail.js';
import { answeredBy, messageIdIn, replyOf } from './message-ids.js';
import { type MailForm, parseMailForm } from './mail-form.js';
import { sanitizeMailHtml } from '../../core/adapters/mail-html.js';
import { textOfHtml } from '../../core/adapters/mail-text.js';
import { readMail, textsOf } from './read-mail.js';

/**
 * Of a mail's text and of its HTML, for one recipient and for all of them: what is longer is cut before it is read, which would hold up
 * everybody else. The kept delivery has it whole.
 */
const MAX_TEXT_LENGTH = 1_000_000;
const MAX_TEXT_LENGTH_OF_ALL = 16_000_000;
const MAX_SUBJECT_LENGTH = 2_000;
const MAX_NAME_LENGTH = 300;
const MAX_HEADER_LENGTH = 2_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A post of Inbound Parse → one draft for each recipient of the envelope: that is who received it, whatever `To` says (a blind copy is
 * in no header). A recipient that nobody here owns is UNROUTED by itself: the delivery is PARTIAL then, and waits for its sender.
 */
export async function normalizeInbound(delivery: VerifiedDelivery): Promise<NormalizedDelivery> {
  const form = await formOf(delivery).catch(() => undefined);
  if (!form) return problem('The body is no complete multipart/form-data.');
  const read = await readMail(form);
  const mail = { ...read, text: read.text?.replaceAll('\r\n', '\n') };
  const envelope = envelopeOf(form, mail);
  if (!envelope.to.length) return problem('It names no recipient, neither in its envelope nor in To.');
  const longest = Math.min(MAX_TEXT_LENGTH, Math.floor(MAX_TEXT_LENGTH_OF_ALL / envelope.to.length));
  const common = {
    ...commonOf(mail, envelope, longest),
    event: { ...EVENT, occurredAt: timeOf(mail, delivery), metadata: metadataOf(mail, form, envelope.from) },
  };
  const externalId = idOf(mail, form);
  const answered = answeredBy(mail.headers);
  const writer = common.party?.identities?.[0]?.value ?? '';
  return {
    drafts: envelope.to.map((to, index) => ({
      ...common,
      index,
      externalId,
      reference: emailReference(externalId, to),
      ours: [...new Set([to, mailboxOf(to)]), domainOf(to)],
      facts: { ...common.facts, to, ...(answered !== undefined && { replyTo: replyOf(answered, writer, to) }) },
    })),
    problems: [
      ...(envelope.others ? [`It names ${envelope.others} more recipients than one mail may.`] : []),
      ...problemsOfFiles(mail, form),
      ...problemsOfText(mail, longest),
      ...problemsOfHtml(mail, longest),
    ].map((message, i) => ({ index: envelope.to.length + i, message })),
  };
}

/** The bytes of a file that came with its mail, which is parsed once for all of them. */
export async function fileInMail(delivery: VerifiedDelivery, key: string): Promise<Buffer | undefined> {
  const { files } = await ((delivery.reading.value ??= formOf(delivery).then(readMail)) as Promise<Mail>);
  return files.find((file) => file.key === key)?.content;
}

/** Parsed, a mail says how many files it has. */
function problemsOfFiles({ files }: Mail, form: MailForm): string[] {
  const said = Number(form.fields.get('attachments'));
  return said > files.length ? [`It has ${said} attachments, and ${files.length} came.`] : [];
}

function problemsOfText({ text = '' }: Mail, longest: number): string[] {
  return text.length > longest ? [`Of its text the first ${longest} of ${text.length} characters are shown: it is too long.`] : [];
}

function problemsOfHtml({ html = '' }: Mail, longest: number): string[] {
  const read = withinDepth(html.slice(0, longest)).length;
  return read < html.length
    ? [`Of its HTML the first ${read} of ${html.length} characters are shown: it is too long, too deep or of too many elements.`]
    : [];
}

const EVENT = { key: 'webhook/email/in', kind: 'STATUS', status: ActivityStatus.RECEIVED, error: null } as const;

function problem(message: string): NormalizedDelivery {
  return { drafts: [], problems: [{ index: 0, message }] };
}

/** Of a body without a boundary it throws, in the promise. */
async function formOf({ body, headers }: VerifiedDelivery): Promise<MailForm> {
  return parseMailForm(body, headers['content-type'] ?? '');
}

/** What every recipient's mail says alike. */
function commonOf(
  mail: Mail,
  envelope: Envelope,
  longest: number,
): Pick<ActivityDraft, 'channel' | 'facts' | 'html' | 'attachments' | 'party'> {
  const { subject, files } = mail;
  const keys = new Map(files.flatMap(({ contentId, key }) => (contentId === undefined ? [] : [[contentId, key] as const])));
  const html = mail.html?.slice(0, longest);
  const body = mail.text?.trim() || !html ? mail.text : textOfHtml(html);
  /** The keys of files that the HTML shows. */
  const shown = new Set<string>();
  const sanitized =
    html &&
    sanitizeMailHtml(html, (id) => {
      const key = keys.get(id);
      if (key !== undefined) shown.add(key);
      return key;
    });
  const from = boundedText(mail.from?.address.toLowerCase() ?? envelope.from ?? '', MAX_NAME_LENGTH);
  return {
    channel: Channel.EMAIL,
    facts: {
      direction: Direction.INBOUND,
      ...(from && { from }),
      ...(subject !== undefined && { subject: boundedText(subject, MAX_SUBJECT_LENGTH) }),
      ...(body !== undefined && { body: boundedText(body, longest) }),
    },
    ...(sanitized && { html: replaceUnstorable(sanitized) }),
    attachments: files.map((file) => attachmentOf(file, shown)),
    ...(from && { party: partyOf(mail, from, envelope) }),
  };
}

/**
 * Who wrote it. What is from an address that it came to was sent for somebody else, by the form of a website or a mailing list: then whom an answer
 * is to go to, where that is not us as well.
 */
function partyOf({ from, replyTo }: Mail, address: string, { to }: Envelope): DraftParty {
  const ours = new Set(to.map(mailboxNameOf));
  const isOurs = (one: string) => ours.has(mailboxNameOf(one));
  const another = isOurs(address) ? replyTo.find((one) => !isOurs(one.address)) : undefined;
  const value = another ? boundedText(another.address.toLowerCase(), MAX_NAME_LENGTH) : address;
  const name = nameOf(another ?? from);
  return { identities: [{ kind: 'EMAIL', value }], ...(name && { name }), ...(another && { byAnother: true }) };
}

const mailboxNameOf = (address: string): string => mailboxName(mailboxOf(address.toLowerCase()));

/** Empty where there is none. The address once more, as Outlook has it in quotes, is none. */
function nameOf(one: MailAddress | undefined): string {
  const name = boundedText(one?.name.trim() ?? '', MAX_NAME_LENGTH);
  return name.replace(/^['"\s]+|['"\s]+$/g, '').toLowerCase() === one?.address.toLowerCase() ? '' : name;
}

function attachmentOf({ key, fileName, contentType, content }: Mail['files'][number], shown: ReadonlySet<string>): DraftAttachment {
  // A name that is a path would be one elsewhere.
  const name = fileName?.split(/[/\\]/).at(-1);
  return {
    key: boundedText(key, MAX_NAME_LENGTH),
    contentType: boundedText(contentType.toLowerCase(), MAX_NAME_LENGTH),
    ...(name && { fileName: boundedText(name, MAX_NAME_LENGTH) }),
    sizeBytes: content.length,
    inline: shown.has(key),
    sourceUrl: null,
  };
}

/**
 * The Message-ID without its angle brackets. Of a mail without one, or with a text that is none and so another mail's as well (`<>`, a date), a hash of what
 * SendGrid repeats alike: the boundary between its fields may be another.
 */
function idOf(mail: Mail, { fields, files }: MailForm): string {
  const id = messageIdIn(mail.headers.get('message-id'));
  if (id !== undefined) return id;
  const hash = createHash('sha256');
  for (const name of ['email', 'headers', 'from', 'subject', 'text', 'html']) hash.update(fields.get(name) ?? '').update('\0');
  for (const { content } of files) hash.update(content).update('\0');
  return `sha256:${hash.digest('hex')}`;
}

/** When it was written, where that can be: not after it came (an hour for a wrong clock), and at most thirty days before. */
function timeOf({ headers }: Mail, { receivedAt }: VerifiedDelivery): Date | null {
  // A comment behind it names the zone in words.
  const written = Date.parse((headers.get('date') ?? '').replace(/\([^()]*\)/g, '').trim());
  const age = receivedAt.getTime() - written;
  return age >= -DAY_MS / 24 && age <= 30 * DAY_MS ? new Date(written) : null;
}

/** Under the names that the mail or SendGrid gives them. */
function metadataOf({ headers, to, cc }: Mail, form: MailForm, envelopeFrom: string | undefined): JsonObject {
  const texts = textsOf(form);
  const found: readonly (readonly [string, string | undefined])[] = [
    ['Message-ID', headers.get('message-id')],
    ['In-Reply-To', headers.get('in-reply-to')],
    ['References', headers.get('references')],
    ['Reply-To', headers.get('reply-to')],
    ['Auto-Submitted', headers.get('auto-submitted')],
    ['List-Id', headers.get('list-id')],
    ['Precedence', headers.get('precedence')],
    ['to', texts('to') ?? to],
    ['cc', texts('cc') ?? cc],
    ...['SPF', 'dkim', 'spam_score', 'sender_ip'].map((name) => [name, texts(name)] as const),
  ];
  const kept = found.flatMap(([name, value]) => (value?.trim() ? [[name, boundedText(value.trim(), MAX_HEADER_LENGTH)]] : []));
  return {
    ...(Object.fromEntries(kept) as JsonObject),
    ...(envelopeFrom && { envelope: { from: boundedText(envelopeFrom, MAX_NAME_LENGTH) } }),
  };
}
