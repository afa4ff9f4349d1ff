import { buffer } from 'node:stream/consumers';
import { type AttachmentStream, type HeaderLines, type Headers, MailParser, type MessageText } from 'mailparser';

/** Only what we ask for, and nothing fetched or rewritten. */
const OPTIONS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true, checksumAlgo: false as const };
/** Characters of header lines with addresses that the parts of a mail have together: the parser takes a thousandth of a second for each thousand. */
const ROOM_FOR_ADDRESSES = 64 << 10;
const WITH_ADDRESSES = /^(?:from|sender|reply-to|to|cc|bcc|delivered-to|return-path|disposition-notification-to|list-.*)$/;

export interface ParsedFile extends Pick<AttachmentStream, 'contentType' | 'filename' | 'cid'> {
  readonly content: Buffer;
}

export interface ParsedMail {
  readonly headers: Headers;
  readonly headerLines: HeaderLines;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly files: readonly ParsedFile[];
}

/** The message with its texts and its files, as mailparser reads it. Rejects what that cannot read. */
export async function parsedMail(message: Buffer | string): Promise<ParsedMail> {
  const parser = new PartsReader(OPTIONS);
  parser.end(message);
  const files: ParsedFile[] = [];
  for await (const found of parser as AsyncIterable<AttachmentStream | MessageText>) {
    if (found.type === 'text') continue;
    const { contentType, filename, cid, content } = found;
    files.push({ contentType, filename, cid, content: await buffer(content) });
    found.release?.();
  }
  const { headers, headerLines, text, html } = parser;
  return { headers: headers || new Map(), headerLines: headerLines || [], text: text || undefined, html: html || undefined, files };
}

/** mailparser reads the addresses of every part as it does the mail's own, though only those of a mail within the mail are anybody's. */
class PartsReader extends MailParser {
  private left = ROOM_FOR_ADDRESSES;

  /** The mail's own while there are no `headers` yet, then those of each of its parts. Overrides the parser's. */
  protected processHeaders(lines: HeaderLines): Headers {
    const read = this.headers ? lines.filter((line) => this.hasRoomFor(line)) : lines;
    return (MailParser.prototype as unknown as PartsReader).processHeaders.call(this, read);
  }

  private hasRoomFor({ key, line }: HeaderLines[number]): boolean {
    if (!WITH_ADDRESSES.test(key)) return true;
    if (line.length > this.left) return false;
    this.left -= line.length;
    return true;
  }
}
