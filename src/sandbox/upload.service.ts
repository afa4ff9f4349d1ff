import { once } from 'node:events';
import { type IncomingHttpHeaders } from 'node:http';
import busboy from 'busboy';

export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly file?: { readonly contentType: string; readonly bytes: Buffer };
}

/** A multipart form with one file. What is none has no fields. */
export async function readUpload(headers: IncomingHttpHeaders, body: unknown): Promise<Upload> {
  if (!Buffer.isBuffer(body) || !headers['content-type']?.startsWith('multipart/form-data')) return { fields: {} };
  const fields: Record<string, string> = {};
  let file: { contentType: string; parts: Buffer[] } | undefined;
  const form = busboy({ headers });
  form.on('field', (name, value) => (fields[name] = value));
  form.on('file', (_, stream, { mimeType }) => {
    const parts: Buffer[] = [];
    file = { contentType: mimeType, parts };
    stream.on('data', (part: Buffer) => parts.push(part));
  });
  form.end(body);
  await once(form, 'close');
  return { fields, ...(file && { file: { contentType: file.contentType, bytes: Buffer.concat(file.parts) } }) };
}
