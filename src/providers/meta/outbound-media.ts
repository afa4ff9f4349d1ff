import { type Outbound, type OutboundMessage } from '../../core/adapters/outbound.js';

export type MediaType = 'image' | 'video' | 'audio' | 'document';

/** A file as a message carries it. */
export interface OutboundMedia {
  readonly type: MediaType;
  readonly fileName: string | null;
  /** Null of a link: nobody asked. */
  readonly sizeBytes: number | null;
}

/** What WhatsApp shows by itself; all else is a document. Source: Meta, WhatsApp Cloud API, Media, Supported media types. */
const TYPES: Readonly<Record<string, MediaType>> = {
  ...{ 'image/jpeg': 'image', 'image/png': 'image' },
  ...{ 'video/mp4': 'video', 'video/3gpp': 'video' },
  ...{ 'audio/aac': 'audio', 'audio/amr': 'audio', 'audio/mpeg': 'audio', 'audio/mp4': 'audio', 'audio/ogg': 'audio' },
};
/** Of a link, whose type nobody knows before it is fetched, by how its path ends. */
const TYPES_BY_EXTENSION: Readonly<Record<string, MediaType>> = {
  ...{ jpg: 'image', jpeg: 'image', png: 'image' },
  ...{ mp4: 'video', '3gp': 'video' },
  ...{ aac: 'audio', amr: 'audio', mp3: 'audio', m4a: 'audio', ogg: 'audio', opus: 'audio' },
};

/** Links first, then files. */
export function mediaOf({ mediaUrls = [], files }: Pick<OutboundMessage, 'mediaUrls' | 'files'>): readonly OutboundMedia[] {
  const linked = mediaUrls.map((link) => ({ ...nameAndType(link), sizeBytes: null }));
  const uploaded = files.map(({ contentType, fileName, sizeBytes }) => ({
    type: TYPES[plain(contentType)] ?? 'document',
    fileName,
    sizeBytes,
  }));
  return [...linked, ...uploaded];
}

/** Where each of them lies, in the same order. */
export function linksOf({ mediaUrls = [], files }: Pick<Outbound, 'mediaUrls' | 'files'>): readonly string[] {
  return [...mediaUrls, ...files.map(({ url }) => url)];
}

/** Whether WhatsApp shows a file of this type by itself. */
export function isShown(contentType: string): boolean {
  return Object.hasOwn(TYPES, plain(contentType));
}

/** Source: Meta, WhatsApp Cloud API, Messages: an audio has no caption. */
export function takesCaption(type: MediaType): boolean {
  return type !== 'audio';
}

/** Without its parameters. */
function plain(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}

function nameAndType(link: string): Pick<OutboundMedia, 'type' | 'fileName'> {
  const name = URL.canParse(link) ? decoded(new URL(link).pathname.split('/').at(-1)!) : '';
  const extension = /\.(\w{2,5})$/.exec(name)?.[1]?.toLowerCase();
  return {
    type: (extension !== undefined && TYPES_BY_EXTENSION[extension]) || 'document',
    fileName: extension === undefined ? null : name,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
