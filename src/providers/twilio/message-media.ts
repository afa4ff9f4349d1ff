import { type DraftAttachment } from '../../core/adapters/activity-draft.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { valueOf } from './parameter-fields.js';
import { type WebhookParameters } from './form.js';

/** Twilio docs, Messaging webhook request: a message has up to ten files, MediaUrl0 to MediaUrl9. */
const MAX_MEDIA = 10;
const MAX_KEY_LENGTH = 200;
const MEDIA_SID = /\/(ME[0-9a-f]{32})(?:[/?#.]|$)/i;

/** Says so where an inbound message has fewer files than it says; undefined where it has all. */
export function missingMediaOf(parameters: WebhookParameters): string | undefined {
  const said = valueOf(parameters, 'NumMedia') ?? '0';
  if (said === '0') return undefined;
  const came = Array.from({ length: MAX_MEDIA }, (_, i) => valueOf(parameters, `MediaUrl${i}`)).filter(Boolean).length;
  const isLess = /^\d{1,2}$/.test(said) && Number(said) <= MAX_MEDIA && came < Number(said);
  return isLess ? `It has ${said} files, and ${came} came.` : undefined;
}

/**
 * The files of an inbound message, in order. NumMedia only bounds them: a value that is no count (missing, `-1`) bounds nothing.
 * A file named twice is one file.
 */
export function attachmentsOf(parameters: WebhookParameters, numMedia = ''): readonly DraftAttachment[] {
  const count = /^\d+$/.test(numMedia) ? Math.min(Number(numMedia), MAX_MEDIA) : MAX_MEDIA;
  const attachments = new Map<string, DraftAttachment>();
  for (let i = 0; i < count; i++) {
    const url = valueOf(parameters, `MediaUrl${i}`);
    if (!url) continue;
    const sourceUrl = replaceUnstorable(url);
    const contentType = replaceUnstorable(valueOf(parameters, `MediaContentType${i}`) || 'application/octet-stream');
    const key = MEDIA_SID.exec(sourceUrl)?.[1] ?? replaceUnstorable(sourceUrl.slice(-MAX_KEY_LENGTH));
    if (!attachments.has(key)) attachments.set(key, { key, contentType, sourceUrl });
  }
  return [...attachments.values()];
}
