import { isUtf8 } from 'node:buffer';
import { Transform, type TransformCallback } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import libmime from 'libmime';
import { type AttachmentStream, type HeaderLines, type Headers, MailParser, type MessageText } from 'mailparser';
import { charsetOf, likelyText } from './charset.js';
import { ADDRESSEES, ROOM } from './mail-head.js';

/** Only what we ask for, and nothing fetched or rewritten. */
const OPTIONS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true, checksumAlgo: false as const };
const WITH_ADDRESSES = new RegExp(`^(?:from|sender|reply-to|${ADDRESSEES})$`);

/**
 * Other forms of what the HTML says, which stand beside it without a name: for programs that run AMP, and for Apple's watch. Source: AMP, Structure and
 * rendering of AMP emails.
 */
const OTHER_FORMS = /^text\/(?:x-amp|watch)-html$/;

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
  // It may come while a file is read, which then never ends.
  const failed = new Promise<never>((_, reject) => parser.once('error', reject));
  failed.catch(() => undefined);
  parser.end(message);
  const files: ParsedFile[] = [];
  for await (const found of parser as AsyncIterable<AttachmentStream | MessageText>) {
    if (found.type === 'text') continue;
    const { contentType, filename, cid } = found;
    // Also of what is left out: the parser goes on once it is read.
    const content = await Promise.race([buffer(found.content), failed]);
    if (filename || !OTHER_FORMS.test(contentType)) files.push({ contentType, filename, cid, content });
    found.release?.();
  }
  const { headers, headerLines, text, html } = parser;
  return { headers: headers || new Map(), headerLines: headerLines || [], text: text || undefined, html: html || undefined, files };
}

/** The name of a charset that nobody knows. Source: RFC 1428. */
const UNKNOWN = 'unknown-8bit';

/** A part of a mail, as mailparser is told of it. */
interface Part {
  charset: string | false;
  disposition: string | false;
  readonly contentType: string | false;
  readonly filename: string | false;
  readonly parentNode: Part | false;
}

/**
 * mailparser reads the addresses of every part as it does the mail's own, though only those of a mail within the mail are anybody's; and takes a text for UTF-8
 * where nothing else is said of it, though it is none.
 */
class PartsReader extends MailParser {
  /** Of the characters that the lines with addresses of all parts have together. */
  private left = ROOM.addressees;
  /** Whether a text, or one of HTML, came already. The parser's. */
  declare protected readonly hasText: boolean;
  declare protected readonly hasHtml: boolean;

  /** The mail's own while there are no `headers` yet, then those of each of its parts. Overrides the parser's. */
  protected processHeaders(lines: HeaderLines): Headers {
    const read = this.headers ? lines.filter((line) => this.hasRoomFor(line)) : lines;
    return (MailParser.prototype as unknown as PartsReader).processHeaders.call(this, read);
  }

  /** Overrides the parser's. */
  protected createNode(part: Part): unknown {
    part.charset = charsetOf(part.charset || '') ?? UNKNOWN;
    if (this.isFileBesideText(part)) part.disposition = 'attachment';
    return (MailParser.prototype as unknown as PartsReader).createNode.call(this, part);
  }

  /** Overrides the parser's, which has it before there are any parts. */
  protected getDecoder(): { decodeStream(charset: string): Transform } {
    return {
      decodeStream: (charset) => {
        const known = libmime.createDecodeStream(charset);
        return known.supported ? known : new LikelyText();
      },
    };
  }

  /** A text with a name of its own, to be shown where it stands: no part of what was said before it. */
  private isFileBesideText({ disposition, contentType, filename, parentNode }: Part): boolean {
    const hasSaid = this.hasText || this.hasHtml;
    const isMixed = parentNode !== false && parentNode.contentType === 'multipart/mixed';
    return hasSaid && isMixed && disposition === 'inline' && contentType === 'text/plain' && filename !== false;
  }

  private hasRoomFor({ key, line }: HeaderLines[number]): boolean {
    if (!WITH_ADDRESSES.test(key)) return true;
    if (line.length > this.left) return false;
    this.left -= line.length;
    return true;
  }
}

/** A text whose charset nobody says, in UTF-8. */
class LikelyText extends Transform {
  private readonly chunks: Buffer[] = [];

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.chunks.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    const bytes = Buffer.concat(this.chunks);
    done(null, isUtf8(bytes) ? bytes : Buffer.from(likelyText(bytes)));
  }
}
