import { type OrganizationWithSenders } from './our-address.js';

/** Who sends where nobody was named: who owns `from`, or has something to send from; of several the seeded one, `1`. Undefined: not clear. */
export function sendingOrganization(
  organizations: readonly OrganizationWithSenders[],
  channel: string,
  from: string | undefined,
): string | undefined {
  const able = organizations.filter(({ senders }) =>
    senders.some((sender) => sender.channel === channel && (from === undefined || owns(sender.address, from))),
  );
  const candidates = able.length ? able : organizations;
  return candidates.length === 1 ? candidates[0]!.id : candidates.find(({ id }) => id === '1')?.id;
}

function owns(address: string, from: string): boolean {
  const [ours, typed] = [address.toLowerCase(), from.trim().toLowerCase()];
  return ours === typed || ours === typed.split('@')[1];
}
