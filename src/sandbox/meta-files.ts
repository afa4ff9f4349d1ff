import { createHash } from 'node:crypto';

/** A file that was uploaded to Meta. */
export interface MetaFile {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

export function metaFile(id: string, { contentType, bytes }: Pick<MetaFile, 'contentType' | 'bytes'>): MetaFile {
  return { id, contentType, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Where a file lies, for some minutes. Source: Meta, WhatsApp Cloud API, Media, Retrieve media URL. */
export function presentFile({ id, contentType, bytes, sha256 }: MetaFile, origin: string): object {
  return {
    messaging_product: 'whatsapp',
    url: `${origin}/whatsapp_business/attachments/?mid=${id}`,
    mime_type: contentType,
    sha256,
    file_size: bytes.length,
    id,
  };
}
