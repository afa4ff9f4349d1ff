import { type ActivityRow } from '../activities/activity-row.js';
import { metadataOfProviders } from '../activities/merged.js';
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
  return answers === null ? { answers } : { answers, thread: before ? throughOurs(before, by) : threadBefore(answered) };
}

function throughOurs(before: ActivityRow, by: Carrier): readonly string[] {
  const id = messageIdOf(before, by);
  return cutThread([...threadBefore(before), ...(id === null ? [] : [id])]);
}

/** What a mail of ours has under such names is its sender's, and leaves with none. */
function threadBefore(mail: ActivityRow): readonly string[] {
  return mail.direction === 'INBOUND' ? mailThreadOf(mail) : [];
}

/** Without its brackets; null where nobody knows it. */
function messageIdOf(mail: ActivityRow, by: Carrier): string | null {
  const { provider, externalId, direction } = mail;
  const told = () => (provider === by.provider ? by.outbound.messageIdOf?.(metadataOfProviders(mail)) : undefined) ?? null;
  const id = direction === 'INBOUND' ? externalId : told();
  return isMessageId(id) ? id : null;
}
