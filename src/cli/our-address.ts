import { type SimulatedLife } from '../sandbox/provider-delivery.js';

export interface OrganizationWithSenders {
  readonly id: string;
  readonly senders: readonly { readonly channel: string; readonly address: string; readonly provider: string }[];
}

export interface OurAddress {
  readonly organizationId: string;
  readonly address: string;
}

/** Where something is to arrive. */
export type Target = Pick<SimulatedLife, 'channel' | 'provider'>;

/** What a provider can deliver to: a number, not a word or a short code; an id of a number at Meta; an address or a domain. */
const FORM = { TWILIO: /^\+[1-9]\d{4,14}$/, META: /^\d+$/, SENDGRID: /\./ } as const;

/** Addresses where a channel's traffic arrives through a provider; those of organization `1`, the seeded one, first. */
export function ourAddresses(organizations: readonly OrganizationWithSenders[], { channel, provider }: Target): OurAddress[] {
  const seededFirst = [...organizations].sort((a, b) => Number(b.id === '1') - Number(a.id === '1'));
  return seededFirst.flatMap(({ id, senders }) =>
    senders
      .filter((sender) => sender.channel === channel && sender.provider === provider && FORM[provider].test(sender.address))
      .map((sender) => ({ organizationId: id, address: sender.address })),
  );
}

/** `to` as it arrives at one of ours, or with no `to` the first of them; a domain of ours takes any address in it. Undefined: nobody's. */
export function chooseAddress(ours: readonly OurAddress[], to: string | undefined): OurAddress | undefined {
  if (to === undefined) return ours[0] && { ...ours[0], address: deliverable(ours[0].address) };
  const [, domain] = to.toLowerCase().split('@');
  const owner =
    ours.find(({ address }) => address.toLowerCase() === to.toLowerCase()) ?? ours.find(({ address }) => address.toLowerCase() === domain);
  return owner && { organizationId: owner.organizationId, address: deliverable(to) };
}

/** A domain receives nothing, an address in it does. */
const deliverable = (address: string) => (!address.includes('@') && address.includes('.') ? `hello@${address}` : address);
