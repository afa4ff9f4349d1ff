import { Channel } from '../../core/adapters/channel.js';
import { type OutboundMessage, type FileFacts, type OutboundProblem } from '../../core/adapters/outbound.js';
import { isContentSid } from './content-template.js';
import { type MessageChannel } from './message-request.js';

const LONGEST_BODY = 1_600;
const MB = 1024 * 1024;

interface Limits {
  readonly files: number;
  readonly totalBytes: number;
  readonly imageBytes: number;
}

/**
 * Sources: Twilio docs, Message resource (Body, MediaUrl); Accepted content types for media (5 MB an MMS in all); Guidance on WhatsApp media messages
 * (16 MB, an image 5 MB, one file a message).
 */
const LIMITS: Record<MessageChannel, Limits> = {
  [Channel.SMS]: { files: 10, totalBytes: 5 * MB, imageBytes: 5 * MB },
  [Channel.WHATSAPP]: { files: 1, totalBytes: 16 * MB, imageBytes: 5 * MB },
};

/** What Twilio would refuse of a message to anybody. */
export function checkMessage(outbound: OutboundMessage, channel: MessageChannel): OutboundProblem | undefined {
  const { body, mediaUrls = [], files, template } = outbound;
  if (template) return checkTemplate(template.id);
  const limits = LIMITS[channel];
  if (!body && mediaUrls.length + files.length === 0)
    return { field: 'body', problem: 'body must say something, or media must go with it.' };
  if (body && body.length > LONGEST_BODY)
    return { field: 'body', problem: `body must have at most ${LONGEST_BODY} characters; it has ${body.length}.` };
  if (mediaUrls.length + files.length > limits.files)
    return {
      field: mediaUrls.length ? 'mediaUrls' : 'mediaIds',
      problem:
        limits.files === 1
          ? 'A WhatsApp message takes one file; send the others by messages of their own.'
          : `A message takes at most ${limits.files} files.`,
    };
  return checkSizes(files, limits);
}

function checkTemplate(id: string): OutboundProblem | undefined {
  return isContentSid(id)
    ? undefined
    : { field: 'template.id', problem: 'template.id must be the content SID of a Twilio template: HX and 32 hexadecimal digits.' };
}

function checkSizes(files: readonly FileFacts[], { totalBytes, imageBytes }: Limits): OutboundProblem | undefined {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total > totalBytes) return { field: 'mediaIds', problem: `The files of a message must have at most ${totalBytes / MB} MB together.` };
  if (files.some(({ contentType, sizeBytes }) => contentType.startsWith('image/') && sizeBytes > imageBytes))
    return { field: 'mediaIds', problem: `An image must have at most ${imageBytes / MB} MB.` };
  return undefined;
}
