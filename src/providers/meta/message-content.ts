import { type DraftAttachment } from '../../core/adapters/activity-draft.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { memberOf, textAt } from './payload-fields.js';
import { type Message } from './payload.schema.js';

/** Where each type of message has what the person wrote or pressed. Source: Meta, WhatsApp Cloud API, Webhooks, messages webhook reference. */
const BODIES: readonly (readonly [type: string, ...path: string[]])[] = [
  ['text', 'body'],
  ['image', 'caption'],
  ['video', 'caption'],
  ['audio', 'caption'],
  ['document', 'caption'],
  ['button', 'text'],
  ['interactive', 'button_reply', 'title'],
  ['interactive', 'list_reply', 'title'],
  ['interactive', 'nfm_reply', 'body'],
  ['order', 'text'],
];

const MEDIA: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker']);
const MAX_KEY_LENGTH = 200;
const MAX_NAME_LENGTH = 255;

/** The text of a message; undefined where its type brings none. */
export function bodyOf(message: object): string | undefined {
  const type = textAt(message, 'type');
  return BODIES.filter(([of]) => of === type)
    .map((path) => textAt(message, ...path))
    .find((text) => text !== undefined);
}

/**
 * The file of a message, named by its media id; also of a type that came after this code, if it has an id and a MIME type.
 * Its `url` lasts minutes, so it is the id that is asked for later. Source: Meta, WhatsApp Cloud API, Media.
 */
export function attachmentsOf(message: Message): readonly DraftAttachment[] {
  const file = memberOf(message, message.type);
  const [id, contentType, fileName] = [textAt(file, 'id'), textAt(file, 'mime_type'), textAt(file, 'filename')?.split(/[/\\]/).at(-1)];
  if (id === undefined || id.length > MAX_KEY_LENGTH || (contentType === undefined && !MEDIA.has(message.type))) return [];
  return [
    {
      key: id,
      contentType: boundedText(contentType ?? 'application/octet-stream', MAX_NAME_LENGTH),
      ...(fileName && { fileName: boundedText(fileName, MAX_NAME_LENGTH) }),
      sourceUrl: `/${encodeURIComponent(id)}`,
    },
  ];
}

/** The members of a message that a draft has fields for, as paths. */
export function fieldsOf(message: Message): readonly string[] {
  const { type } = message;
  const ofText = BODIES.filter(([of]) => of === type).map((path) => path.join('.'));
  const ofFile = attachmentsOf(message).length ? ['id', 'mime_type', 'filename', 'url'].map((name) => `${type}.${name}`) : [];
  return ['id', 'from', 'to', 'timestamp', 'profile.name', ...ofText, ...ofFile];
}
