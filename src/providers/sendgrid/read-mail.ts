import { isUtf8 } from 'node:buffer';
import { type AddressObject } from 'mailparser';
import { likelyText, textIn } from './charset.js';
import { decodedWords } from './encoded-words.js';
import { type Mail, type MailAddress, type MailFile } from './mail.js';
import { boundedHead, withBoundedHead } from './mail-head.js';
import { type FormFile, type MailForm } from './mail-form.js';
import { parsedMail, type ParsedMail } from './parsed-mail.js';

const NOTHING = Buffer.alloc(0);
/** Characters as a header writes it. There may be a thousand files. */
const LONGEST_NAME = 500;
const LONGEST_SUBJECT = 3_000;

/**
 * The mail of a form of Inbound Parse. Raw, its field `email` is the whole message; parsed, its headers are in one field, its texts and
 * files in others, each text in the charset that `charsets` names.
 * Source: SendGrid docs, Inbound Email Parse Webhook, default and raw parameters.
 */
export async function readMail(form: MailForm): Promise<Mail> {
  const texts = textsOf(form);
  const raw = form.fields.get('email') ?? form.files.find(({ name }) => name === 'email')?.content;
  if (raw) {
    const parsed = await parsedMail(withBoundedHead(raw));
    const [text, html] = [parsed.text, parsed.html].map((said) => said?.replace(/^\ufeff/, ''));
    const head = headOf(parsed);
    const from = head.from?.name.includes('\ufffd') ? await addressOf(texts('from') ?? head.headers.get('from')) : undefined;
    return {
      ...head,
      from: from ?? head.from,
      subject: decodedWords(head.headers.get('subject'), LONGEST_SUBJECT),
      text,
      html,
      files: filesOfMessage(parsed),
    };
  }
  // The blank line makes headers of what the field has, even where it has none.
  const head = headOf(await parsedMail(`${boundedHead(texts('headers') ?? '')}\r\n\r\n`));
  const isLegible = isUtf8(form.fields.get('headers') ?? NOTHING) && !head.from?.name.includes('\ufffd');
  return {
    ...head,
    // SendGrid decodes it as well, also from a charset that the header does not name.
    from: (isLegible ? head.from : undefined) ?? (await addressOf(texts('from'))) ?? head.from,
    // SendGrid decodes it, from a charset that it knows.
    subject: decodedWords(texts('subject') ?? head.headers.get('subject'), LONGEST_SUBJECT),
    text: texts('text'),
    html: texts('html'),
    files: filesOfForm(form),
  };
}

/** The text of a field in its charset, by the field's name. */
export function textsOf({ fields }: MailForm): (name: string) => string | undefined {
  const charsets = jsonOf(fields.get('charsets'));
  return (name) => {
    const bytes = fields.get(name);
    const charset = charsets[name];
    return bytes && textIn(bytes, typeof charset === 'string' ? charset : '');
  };
}

/** The members of a JSON object; none where the bytes are not one. */
export function jsonOf(bytes: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function headOf({ headers: parsed, headerLines }: ParsedMail): Pick<Mail, 'headers' | 'from' | 'replyTo' | 'to' | 'cc'> {
  const headers = new Map<string, string>();
  const addresses = (name: string) => parsed.get(name) as AddressObject | AddressObject[] | undefined;
  // Lines, because the parser puts the present for a date that it cannot read.
  for (const { key, line } of headerLines)
    if (!headers.has(key))
      headers.set(
        key,
        unbinary(line)
          .slice(line.indexOf(':') + 1)
          .replace(/\r?\n\s+/g, ' ')
          .trim(),
      );
  return {
    headers,
    from: mailboxesOf(addresses('from'))[0],
    replyTo: mailboxesOf(addresses('reply-to')),
    to: addressees(addresses('to')),
    cc: addressees(addresses('cc')),
  };
}

/** The parser has lines byte by byte; since SMTPUTF8 (RFC 6532) what is no ASCII is UTF-8. */
const unbinary = (line: string): string => likelyText(Buffer.from(line, 'latin1'));

async function addressOf(text: string | undefined): Promise<MailAddress | undefined> {
  return text === undefined ? undefined : headOf(await parsedMail(`${boundedHead(`From: ${text.replace(/[\r\n]+/g, ' ')}`)}\r\n\r\n`)).from;
}

/** Names and addresses as a header has them, names in quotes; of a header that is there twice, of both. */
function addressees(addresses: AddressObject | AddressObject[] | undefined): string | undefined {
  const texts = [addresses ?? []].flat().map(({ text }) => text);
  return texts.join(', ') || undefined;
}

/** Of a group its members: what stands before an unquoted colon is read as the name of one. */
function mailboxesOf(addresses: AddressObject | AddressObject[] | undefined): readonly MailAddress[] {
  const found = [addresses ?? []].flat()[0]?.value.flatMap((one) => one.group ?? [one]) ?? [];
  return found.flatMap(({ address, name }) => (address ? [{ address, name }] : []));
}

function filesOfMessage({ files }: ParsedMail): readonly MailFile[] {
  return files.map(({ filename, contentType, cid, content }, i) => ({
    key: `attachment${i + 1}`,
    fileName: filename,
    contentType,
    contentId: cid,
    content,
  }));
}

/** `attachment-info` names the files in UTF-8, whatever the part's own header has made of it. */
function filesOfForm({ fields, files }: MailForm): readonly MailFile[] {
  const infos = jsonOf(fields.get('attachment-info'));
  const idsByName = new Map(
    Object.entries(jsonOf(fields.get('content-ids')))
      .reverse()
      .map(([id, part]) => [part, id]),
  );
  return unlikeNames(files).map(({ name, fileName, contentType, content }) => {
    const info = (Object.hasOwn(infos, name) ? infos[name] : undefined) as Record<string, unknown> | null | undefined;
    const contentId = idsByName.get(name) ?? textOf(info?.['content-id']);
    return {
      key: name,
      fileName: decodedWords(textOf(info?.filename) ?? fileName, LONGEST_NAME),
      contentType: textOf(info?.type) ?? contentType,
      contentId: contentId?.replace(/^<|>$/g, ''),
      content,
    };
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** SendGrid counts them; of two that are called alike none may get lost. */
function unlikeNames(files: readonly FormFile[]): readonly FormFile[] {
  const taken = new Set<string>();
  return files.map((file, i) => {
    const name = file.name && !taken.has(file.name) ? file.name : `attachment${i + 1}-${files.length}`;
    taken.add(name);
    return { ...file, name };
  });
}
