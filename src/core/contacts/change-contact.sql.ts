import { type Contact, type Prisma } from '../../generated/prisma/client.js';
import { Channel } from '../adapters/channel.js';
import { addressHashOf } from './consent.js';

/** What people give it: what is left out stays. */
export async function renameContact(
  tx: Prisma.TransactionClient,
  contactId: string,
  data: Partial<Pick<Contact, 'name' | 'externalId'>>,
): Promise<void> {
  await tx.contact.update({ where: { id: contactId }, data });
}

/** Up to a seq of the feed; false where it was read as far already. */
export async function readContactUpTo(tx: Prisma.TransactionClient, contactId: string, seq: number): Promise<boolean> {
  const { count } = await tx.contact.updateMany({ where: { id: contactId, readUpTo: { lt: seq } }, data: { readUpTo: seq } });
  return count > 0;
}

/** Nothing is left of who it was, nor of when it last wrote. Its identities are nobody's from now on; that it opted out outlives it. */
export async function eraseContactRow(tx: Prisma.TransactionClient, contactId: string, now: Date): Promise<void> {
  const identities = await tx.contactIdentity.findMany({ where: { contactId } });
  const heard = identities.map(({ organizationId, value }) => ({
    organizationId,
    addressHash: addressHashOf(organizationId, Channel.WHATSAPP, value),
  }));
  if (heard.length) await tx.lastHeard.deleteMany({ where: { OR: heard } });
  await tx.contactIdentity.deleteMany({ where: { contactId } });
  await tx.contact.updateMany({
    where: { OR: [{ id: contactId }, { mergedIntoId: contactId }] },
    data: { name: null, profileName: null, profileOrder: '', externalId: null, erasedAt: now },
  });
}
