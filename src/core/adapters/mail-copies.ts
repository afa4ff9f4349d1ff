import { type OutboundMail } from './outbound.js';

/** Who gets a copy of a mail to `to`, each once and where it is named first: its recipient has none. */
export function copiesOf(to: string, { cc, bcc }: Pick<OutboundMail, 'cc' | 'bcc'>): Pick<OutboundMail, 'cc' | 'bcc'> {
  const named = new Set([to.toLowerCase()]);
  const once = (addresses: readonly string[]): string[] =>
    addresses.filter((address) => !named.has(address.toLowerCase()) && named.add(address.toLowerCase()));
  return { cc: once(cc), bcc: once(bcc) };
}
