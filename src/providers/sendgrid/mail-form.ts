import busboy from 'busboy';

/** A file of a form, decoded. */
export interface FormFile {
  /** The part's name, such as `attachment1`. */
  readonly name: string;
  readonly fileName: string | undefined;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A form as it came: its fields' bytes (their charsets are in a field of their own), and its files in order. */
export interface MailForm {
  readonly fields: ReadonlyMap<string, Buffer>;
  readonly files: readonly FormFile[];
}

/** What SendGrid calls a file of the mail. Where that has no file name, as a meeting request has none, it is a field to every other reader of forms. */
const FILE_OF_MAIL = /^attachment\d{1,4}$/;
/** The whole body was limited already; nothing of a mail is to be cut off silently. */
const LIMITS = { fieldSize: Infinity, fileSize: Infinity, fields: 1_000, files: 1_000, parts: 2_000 };

/**
 * Reads a multipart/form-data body. Of a field that came twice the first counts. Rejects where there is no boundary, or no end.
 * Fields are asked for as Latin-1, one character a byte, so that their bytes can be had back: SendGrid gives its fields no type of their own.
 */
export function parseMailForm(body: Buffer, contentType: string): Promise<MailForm> {
  return new Promise((done, failed) => {
    const fields = new Map<string, Buffer>();
    const files: FormFile[] = [];
    let declared: ReadonlySet<string> | undefined;
    const parser = busboy({ headers: { 'content-type': contentType }, defCharset: 'latin1', defParamCharset: 'utf8', limits: LIMITS });
    parser.on('field', (name, value, { mimeType }) => {
      if (FILE_OF_MAIL.test(name)) {
        const content = Buffer.from(value, (declared ??= filesOfCharset(body)).has(name) ? 'utf8' : 'latin1');
        files.push({ name, fileName: undefined, contentType: mimeType, content });
      } else if (!fields.has(name)) fields.set(name, Buffer.from(value, 'latin1'));
    });
    parser.on('file', (name, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', failed);
      stream.on('end', () => files.push({ name, fileName: filename, contentType: mimeType, content: Buffer.concat(chunks) }));
    });
    parser.on('error', failed);
    parser.on('close', () => done({ fields, files }));
    parser.end(body);
  });
}

/** A part's own header. */
const LONGEST_HEAD = 4_096;
/** With the quote that ends it. */
const LONGEST_NAME = 'attachment0000"'.length;

/**
 * The files whose own header names a charset: their text was decoded by that, and is kept as UTF-8. All of them in one pass over the body: looked for
 * one by one, 900 of them behind 30 MB of text kept the process for five seconds.
 */
function filesOfCharset(body: Buffer): ReadonlySet<string> {
  const begin = 'name="attachment';
  const seen = new Set<string>();
  const found = new Set<string>();
  for (let at = body.indexOf(begin); at >= 0; at = body.indexOf(begin, at + begin.length)) {
    // A short text of its own: what is cut out of a head keeps all of it, and the text of a mail may have a million of these.
    const name = /^[^"]*/.exec(body.toString('latin1', at + 'name="'.length, at + 'name="'.length + LONGEST_NAME))![0];
    if (!FILE_OF_MAIL.test(name) || seen.has(name)) continue;
    seen.add(name);
    const after = body.toString('latin1', at, at + LONGEST_HEAD);
    const before = body.toString('latin1', Math.max(0, at - LONGEST_HEAD), at);
    const head = before.slice(before.lastIndexOf('\n--') + 1) + after.split('\r\n\r\n', 1)[0]!;
    if (/^content-type:.*;\s*charset=/im.test(head)) found.add(name);
  }
  return found;
}
