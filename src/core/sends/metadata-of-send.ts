import { type JsonObject } from '../adapters/activity-draft.js';
import { copiesOf } from '../adapters/mail-copies.js';
import { type OutboundCall, type OutboundMail } from '../adapters/outbound.js';

/** What of a send an activity has no field for. */
export interface Untold {
  readonly to: string;
  readonly mediaUrls: readonly string[];
  readonly call: OutboundCall | undefined;
  readonly mail: OutboundMail | undefined;
}

/**
 * What the sender gave, and beside it what leaves, by the names of the input: nobody could approve a draft, nor know later what was sent, who does not
 * see its links. What the sender called so gives way.
 */
export function metadataOfSend(given: JsonObject, { to, mediaUrls, call, mail }: Untold): JsonObject {
  return {
    ...(mail ? withCopies(given, to, mail) : given),
    ...(mail?.replyTo && { replyTo: mail.replyTo }),
    ...(mediaUrls.length && { mediaUrls }),
    ...(call?.agent && { agent: call.agent }),
  };
}

/** Says of a mail who has a copy, as one that comes in does: in headers' own form. Whom the sender called so has none. */
function withCopies(given: JsonObject, to: string, mail: OutboundMail): JsonObject {
  const { cc, bcc } = copiesOf(to, mail);
  const others = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'cc' && name !== 'bcc'));
  return { ...others, ...(cc.length && { cc: cc.join(', ') }), ...(bcc.length && { bcc: bcc.join(', ') }) };
}
