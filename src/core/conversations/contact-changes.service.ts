import { Injectable } from '@nestjs/common';
import { type Contact } from '../../generated/prisma/client.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { checkShortText } from '../../platform/errors/check-short-text.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { notFound } from '../access/access.errors.js';
import { countMerge } from '../feed/feed-head.sql.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { contactEvent } from '../activities/contact-event.js';
import { joinContacts } from '../activities/join-contacts.sql.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';
import { type Channel } from '../adapters/channel.js';
import { addressHashOf } from '../contacts/consent.js';
import { renameContact } from '../contacts/change-contact.sql.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { readRecipient } from '../contacts/recipient.js';
import { sayConsent } from '../contacts/write-consents.sql.js';

/** What people change of contacts. */
@Injectable()
export class ContactChangesService {
  constructor(
    private readonly access: AccessService,
    private readonly contacts: ContactsService,
    private readonly writer: OrganizationWriter,
  ) {}

  /** What is undefined stays; null or empty takes it away. */
  async update(actor: Actor, id: string, { name, externalId }: { name?: string | null; externalId?: string | null }): Promise<Contact> {
    const data = { ...readText('name', name), ...readText('externalId', externalId) };
    const { organizationId } = await this.contacts.one(actor, Scope.SEND, id);
    await this.writer.write(organizationId, async (tx, tell) => {
      const contact = await this.known(id, tx);
      await renameContact(tx, contact.id, data);
      if (Object.keys(data).length) tell(contactEvent(contact.id, 'updated', new Date()));
    });
    return this.known(id);
  }

  /** Of two contacts of one organization makes one, `keepId`; the other's id finds it from then on. */
  async merge(actor: Actor, keepId: string, mergeId: string): Promise<Contact> {
    const { organizationId } = await this.contacts.one(actor, Scope.SEND, keepId);
    const other = await this.contacts.one(actor, Scope.SEND, mergeId);
    if (other.organizationId !== organizationId) throw badInput('merge', 'merge must be a contact of the same organization as keep.');
    await this.writer.write(organizationId, async (tx, _tell, notify) => {
      const [keep, merge] = [await this.known(keepId, tx), await this.known(mergeId, tx)];
      if (keep.id !== merge.id) notify(await joinContacts(tx, { organizationId, keepId: keep.id, mergeId: merge.id }));
    });
    return this.known(keepId);
  }

  /** Whether an address may be written to on a channel, by any of the organization's senders. */
  async setOptOut(actor: Actor, organizationId: string, channel: Channel, address: string, optedOut: boolean): Promise<void> {
    await this.access.require(actor, Scope.SEND, organizationId);
    const recipient = readRecipient(channel, address);
    if ('wanted' in recipient) throw badInput('address', `address must be ${recipient.wanted.en}.`);
    const consent = {
      organizationId,
      channel,
      sender: '',
      addressHash: addressHashOf(organizationId, channel, recipient.address),
      optedOut,
      reason: '' as const,
      at: new Date(),
    };
    await this.writer.write(organizationId, async (tx) => {
      await tx.$executeRaw(sayConsent(consent));
      // No event tells of it: a send that was judged before it must find that it no longer stands.
      await tx.$queryRaw(countMerge(organizationId));
    });
  }

  /** Under the lock it may have become another, or be gone. */
  private async known(id: string, tx?: Queries): Promise<Contact> {
    const contact = await this.contacts.find(id, tx);
    if (!contact) throw notFound({ what: 'contact' });
    return contact;
  }
}

function readText<K extends string>(field: K, text: string | null | undefined): Partial<Record<K, string | null>> {
  if (text === undefined) return {};
  const bare = text?.trim() ?? '';
  checkShortText(field, bare);
  return { [field]: bare || null } as Partial<Record<K, string | null>>;
}
