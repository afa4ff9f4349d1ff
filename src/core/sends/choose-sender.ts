import { type Language } from '../../platform/graphql/graphql-context.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { domainOf, mailboxName } from '../adapters/mailbox.js';
import { readSenderAddress } from '../organizations/sender-address.js';
import { readEmail } from '../contacts/recipient.js';

/** A sender as it is stored. */
export interface StoredSender {
  readonly channel: string;
  readonly address: string;
  readonly provider: string;
}

/** Who a send leaves from: its address there, and the sender it belongs to (of an email perhaps its domain). */
export interface ChosenSender {
  readonly from: string;
  readonly sender: string;
  readonly provider: Provider;
}

/** The sender that `from` names, or the first of the channel; else what would be right. A domain is no address to send from by default. */
export function chooseSender(
  channel: Channel,
  senders: readonly StoredSender[],
  from: string | null,
): ChosenSender | { readonly problem: Record<Language, string> } {
  const ours = senders.filter((sender) => sender.channel === channel);
  const chosen = from === null ? firstOf(channel, ours) : namedBy(channel, ours, from.trim());
  if (chosen) return chosen;
  if (from !== null) return { problem: problemOfFrom(channel) };
  return { problem: ours.length ? ONLY_A_DOMAIN : noSender(channel) };
}

const ONLY_A_DOMAIN: Record<Language, string> = {
  en: 'from is missing, and the organization sends from a domain: name the address in it.',
  es: 'falta from, y la organización envía desde un dominio: indique la dirección de este.',
};

const noSender = (channel: Channel): Record<Language, string> => ({
  en: `from is missing, and the organization has no sender on ${channel}: createSender adds one.`,
  es: `falta from, y la organización no tiene remitente en ${channel}: createSender añade uno.`,
});

/** Of an address that is nobody's, or another organization's: which of them, a stranger does not learn. */
export function problemOfFrom(channel: Channel): Record<Language, string> {
  return {
    en: `from must be an address on ${channel} that the organization owns.`,
    es: `from debe ser una dirección en ${channel} que sea de la organización.`,
  };
}

/** Of an address that is there to receive. */
export function cannotSend(channel: Channel): Record<Language, string> {
  return {
    en: `from is an address whose provider cannot send on ${channel}: name another that the organization owns.`,
    es: `from es una dirección cuyo proveedor no puede enviar en ${channel}: indique otra que sea de la organización.`,
  };
}

function firstOf(channel: Channel, ours: readonly StoredSender[]): ChosenSender | undefined {
  const first = ours.find(({ address }) => channel !== Channel.EMAIL || address.includes('@'));
  return first && chosenOf(first, first.address);
}

function namedBy(channel: Channel, ours: readonly StoredSender[], from: string): ChosenSender | undefined {
  if (channel === Channel.EMAIL) {
    const address = readEmail(from);
    const name = address && mailboxName(address);
    const owner = name && (ours.find((one) => one.address === name) ?? ours.find((one) => one.address === domainOf(name)));
    return owner ? chosenOf(owner, address) : undefined;
  }
  const read = readSenderAddress(channel, from, undefined);
  const owner = 'address' in read ? ours.find((one) => one.address === read.address) : undefined;
  return owner && chosenOf(owner, owner.address);
}

function chosenOf({ address, provider }: StoredSender, from: string): ChosenSender {
  return { from, sender: address, provider: provider as Provider };
}
