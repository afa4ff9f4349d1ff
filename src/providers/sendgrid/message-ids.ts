import { emailReference } from '../../core/adapters/email-reference.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';

/** What is longer would not fit an index. A message id has a line of at most 998 characters (RFC 5322), and usually below 100. */
const MAX_ID_LENGTH = 500;
/** Of a header of ids, in which the last one stands. */
const LONGEST_END = 2_000;
/** What a program writes that had no id to write. */
const NO_ID = /^(?:undefined|null|none|nil|nan|false|true|unknown|empty|message-?id|msg-?id|0+)?$/i;

/**
 * The id that a Message-ID says: `<left@right>`, and as some write it without its brackets, or without a side; of one word (`<undefined>`) it is none, unless
 * a digit is in it. Undefined where it says none: what is none for two mails would make them one. Source: RFC 5322, 3.6.4.
 */
export function messageIdIn(header = ''): string | undefined {
  const inBrackets = /<([^<>]+)>/.exec(header)?.[1];
  const id = (inBrackets ?? header).trim();
  const at = id.indexOf('@');
  const left = (at < 0 ? id : id.slice(0, at)).trim();
  const hasSides = at >= 0 && id.slice(at + 1).trim() !== '';
  const isWord = at < 0 && inBrackets !== undefined && !/\s/.test(id) && /\d/.test(id);
  const isWritten = hasSides ? inBrackets !== undefined || !/\s/.test(id) : isWord;
  return isWritten && !NO_ID.test(left) && id.length <= MAX_ID_LENGTH ? replaceUnstorable(id) : undefined;
}

/** The Message-ID that a mail answers; undefined where its headers say none. */
export function answeredBy(headers: ReadonlyMap<string, string>): string | undefined {
  const answered = bare(headers.get('in-reply-to')) ?? lastId(headers.get('references'));
  return answered && answered.length <= MAX_ID_LENGTH ? replaceUnstorable(answered) : undefined;
}

/**
 * The same, as the directory has it. SendGrid makes the Message-ID of what we send by it of the X-Message-Id and a host of its
 * own, and the recipient of that mail is who answers; every other id is of a mail that came to the same address of ours.
 */
export function replyOf(answered: string, from: string, to: string): string {
  const [, ours] = /^([^@]+)@[^@]*ismtpd[^@]*$/i.exec(answered) ?? [];
  return ours === undefined ? emailReference(answered, to) : emailReference(ours, from);
}

/** The first id in a header. */
function bare(header: string | undefined): string | undefined {
  return /<([^<>]+)>/.exec(header ?? '')?.[1]?.trim() ?? (header?.trim().split(/\s+/, 1)[0] || undefined);
}

/** The last id in a header. Blanks between ids are optional, by RFC 5322. */
function lastId(header = ''): string | undefined {
  const end = header.slice(-LONGEST_END).trim();
  return bare(end.match(/<[^<>]+>/g)?.at(-1) ?? end.split(/[\s,]+/).at(-1));
}
