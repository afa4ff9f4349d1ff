import { type OutboundMessage, type OutboundProblem } from '../../core/adapters/outbound.js';
import { isShown, mediaOf, type MediaType, takesCaption } from './outbound-media.js';

const MB = 1024 * 1024;
/** Source: Meta, WhatsApp Cloud API, Text messages; Image messages. */
const LONGEST_TEXT = 4_096;
const LONGEST_CAPTION = 1_024;
/** Source: Meta, WhatsApp Cloud API, Media, Supported media types. */
const LARGEST_MB: Record<MediaType, number> = { image: 5, video: 16, audio: 16, document: 100 };

/** What Meta would refuse of a message to anybody. */
export function checkMessage(outbound: OutboundMessage): OutboundProblem | undefined {
  const { body, template } = outbound;
  if (template)
    return template.language
      ? undefined
      : { field: 'template.language', problem: 'template.language must be given: Meta knows a template by its name and language.' };
  const [media, another] = mediaOf(outbound);
  const field = outbound.mediaUrls?.length ? 'mediaUrls' : 'mediaIds';
  if (another) return { field, problem: 'A WhatsApp message takes one file; send the others by messages of their own.' };
  if (!media) return checkText(body);
  if (body && !takesCaption(media.type))
    return { field: 'body', problem: 'An audio takes no text; send the text by a message of its own.' };
  if (body && body.length > LONGEST_CAPTION)
    return { field: 'body', problem: `The text of a file must have at most ${LONGEST_CAPTION} characters; it has ${body.length}.` };
  if (outbound.files.some(({ contentType }) => /^(?:image|video|audio)\//i.test(contentType) && !isShown(contentType)))
    return { field, problem: 'WhatsApp takes images as JPEG or PNG, videos as MP4 or 3GPP, and audio as AAC, AMR, MP3, M4A or OGG.' };
  if (media.sizeBytes !== null && media.sizeBytes > LARGEST_MB[media.type] * MB)
    return { field, problem: `On WhatsApp a file of type ${media.type} must have at most ${LARGEST_MB[media.type]} MB.` };
  return undefined;
}

function checkText(body: string | null): OutboundProblem | undefined {
  if (!body) return { field: 'body', problem: 'body must say something, or media must go with it.' };
  if (body.length > LONGEST_TEXT)
    return { field: 'body', problem: `body must have at most ${LONGEST_TEXT} characters; it has ${body.length}.` };
  return undefined;
}
