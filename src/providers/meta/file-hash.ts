import { memberOf, textAt } from './payload-fields.js';

/**
 * The SHA-256 of a file, in hex, from what Meta says of the file: hex where it is asked, base64 in a webhook. Undefined where there is none.
 * Source: Meta, WhatsApp Cloud API, Media, Retrieve media URL; Webhooks, media messages webhook references.
 */
export function fileHashOf(file: unknown): string | undefined {
  const text = textAt(file, 'sha256') ?? '';
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  return /^[0-9A-Za-z+/]{43}=$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : undefined;
}

/** The same from the metadata of a message, which has one file at the most: what is said of it stands under the message's type. */
export function messageFileHashOf(metadata: object): string | undefined {
  return fileHashOf(memberOf(metadata, textAt(metadata, 'type') ?? ''));
}
