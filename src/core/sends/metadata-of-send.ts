import { type JsonObject } from '../adapters/activity-draft.js';
import { type Channel } from '../adapters/channel.js';
import { copiesOf } from '../adapters/mail-copies.js';
import { type OutboundCall, type OutboundMail } from '../adapters/outbound.js';

/** What of a send an activity has no field for. */
export interface Untold {
  readonly to: string;
  readonly mediaUrls: readonly string[];
  readonly call: OutboundCall | undefined;
  readonly mail: OutboundMail | undefined;
}

/** By channel: what is told here of what leaves, by the names of the input. */
const TOLD: Readonly<Record<Channel, readonly string[]>> = {
  SMS: ['mediaUrls'],
  WHATSAPP: ['mediaUrls', 'template'],
  EMAIL: ['cc', 'bcc', 'replyTo'],
  VOICE: ['agent'],
};

/**
 * What the sender gave, and beside it what leaves: nobody could approve a draft, nor know later what was sent, who does not see its links. What the
 * sender called so is left out, or a draft would show what does not leave.
 */
export function metadataOfSend(channel: Channel, given: JsonObject, { to, mediaUrls, call, mail }: Untold): JsonObject {
  const { cc, bcc } = mail ? copiesOf(to, mail) : { cc: [], bcc: [] };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([name]) => !TOLD[channel].includes(name))),
    // In headers' own form, as of a mail that comes in.
    ...(cc.length && { cc: cc.join(', ') }),
    ...(bcc.length && { bcc: bcc.join(', ') }),
    ...(mail?.replyTo && { replyTo: mail.replyTo }),
    ...(mediaUrls.length && { mediaUrls }),
    ...(call?.agent && { agent: call.agent }),
  };
}
