import { type ActivityRow } from '../activities/activity-row.js';
import { Channel } from '../adapters/channel.js';
import { type OutboundMessage } from '../adapters/outbound.js';
import { cutThread, isMessageId, mailThreadOf } from './mail-thread.js';
import { type SendingAddress } from './sending-addresses.service.js';

type Carrier = Pick<SendingAddress, 'provider' | 'outbound'>;

/** What the provider is to say of the message that is answered. `before`: what that, where it is an email of ours, answers itself. */
export function answering(answered: ActivityRow, by: Carrier, before?: ActivityRow): Pick<OutboundMessage, 'answers' | 'thread'> {
  const { channel, provider, externalId } = answered;
  if (channel !== Channel.EMAIL) return { answers: provider === by.provider ? externalId : null };
  const answers = messageIdOf(answered, by);
  return answers === null ? { answers } : { answers, thread: before ? throughOurs(before, by) : mailThreadOf(answered) };
}

function throughOurs(before: ActivityRow, by: Carrier): readonly string[] {
  const id = messageIdOf(before, by);
  return cutThread([...mailThreadOf(before), ...(id === null ? [] : [id])]);
}

/** Without its brackets; null where nobody knows it. */
function messageIdOf({ provider, externalId, direction, metadata }: ActivityRow, by: Carrier): string | null {
  const id = direction === 'INBOUND' ? externalId : provider === by.provider ? (by.outbound.messageIdOf?.(metadata) ?? null) : null;
  return isMessageId(id) ? id : null;
}
