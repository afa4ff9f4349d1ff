import { type MessageChannel } from './inbound-message.js';

export interface OrganizationWithSenders {
  readonly id: string;
  readonly senders: readonly { readonly channel: string; readonly address: string; readonly provider: string }[];
}

export interface OurNumber {
  readonly organizationId: string;
  readonly number: string;
}

/** Numbers that receive messages of a channel through Twilio; organization `1`, the seeded one, first. A word or a short code is not among them. */
export function ourNumbers(organizations: readonly OrganizationWithSenders[], channel: MessageChannel): OurNumber[] {
  const seededFirst = [...organizations].sort((a, b) => Number(b.id === '1') - Number(a.id === '1'));
  return seededFirst.flatMap(({ id, senders }) =>
    senders
      .filter((sender) => sender.channel === channel && sender.provider === 'TWILIO' && /^\+[1-9]\d{4,14}$/.test(sender.address))
      .map((sender) => ({ organizationId: id, number: sender.address })),
  );
}
