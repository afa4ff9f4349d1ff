import { type MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js';
import { Channel } from '../../core/adapters/channel.js';
import { type Outbound } from '../../core/adapters/outbound.js';

export type MessageChannel = typeof Channel.SMS | typeof Channel.WHATSAPP;

const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/;

/**
 * What Twilio is asked to send. A template brings its own text and media. Source: Twilio docs, Message resource, Create a Message.
 * Twilio has no way to say which message a message answers.
 */
export function messageRequest(outbound: Outbound, channel: MessageChannel, statusCallback: string): MessageListInstanceCreateOptions {
  const { from, to, template } = outbound;
  const isWhatsApp = channel === Channel.WHATSAPP;
  // An RCS agent writes to RCS alone.
  const prefix = isWhatsApp ? 'whatsapp:' : from.startsWith('rcs:') ? 'rcs:' : '';
  return {
    to: prefix + to,
    ...(MESSAGING_SERVICE.test(from) ? { messagingServiceSid: from } : { from: isWhatsApp ? prefix + from : from }),
    ...(template ? templateOf(template) : contentOf(outbound)),
    statusCallback,
  };
}

function templateOf({ id, variables }: NonNullable<Outbound['template']>): Partial<MessageListInstanceCreateOptions> {
  return { contentSid: id, ...(Object.keys(variables).length > 0 && { contentVariables: JSON.stringify(variables) }) };
}

function contentOf({ body, mediaUrls = [], files }: Outbound): Partial<MessageListInstanceCreateOptions> {
  const mediaUrl = [...mediaUrls, ...files.map(({ url }) => url)];
  return { ...(body && { body }), ...(mediaUrl.length > 0 && { mediaUrl }) };
}
