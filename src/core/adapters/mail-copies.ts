import { mailboxName } from './mailbox.js';
import { type OutboundMail } from './outbound.js';

/** Who gets a copy of a mail to `to`, each once and where it is named first: its recipient has none. */
export function copiesOf(to: string, { cc, bcc }: Pick<OutboundMail, 'cc' | 'bcc'>): Pick<OutboundMail, 'cc' | 'bcc'> {
  const named = new Set([mailboxName(to)]);
  const isNew = (name: string): boolean => !named.has(name) && !!named.add(name);
  const once = (addresses: readonly string[]): string[] => addresses.filter((address) => isNew(mailboxName(address)));
  return { cc: once(cc), bcc: once(bcc) };
}
