import { Injectable } from '@nestjs/common';
import { type Prisma } from '../../generated/prisma/client.js';
import { notFound } from '../access/access.errors.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { activitiesOfContact, eraseActivities } from '../activities/erase-activities.sql.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';
import { RecorderService } from '../activities/recorder.service.js';
import { type Alongside } from '../activities/recording-steps.service.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { type Channel } from '../adapters/channel.js';
import { ContactsService, eraseContactRow } from '../contacts/contacts.service.js';
import { countMerge } from '../feed/feed-head.sql.js';

/** Who is erased: the activities that become shells, and everything the person was called by. */
export interface Erased {
  readonly organizationId: string;
  readonly activityIds: readonly string[];
  readonly addresses: readonly string[];
}

/** Records what becomes of other people's activities, in the same transaction. */
export type RecordBeside = (drafts: readonly SourcedDraft[], alongside: Alongside) => Promise<void>;

/** What other rooms keep of a person goes in the same transaction; what lies outside of the database, by a job that commits with it. */
export type EraseListener = (tx: Prisma.TransactionClient, erased: Erased, record: RecordBeside) => Promise<void>;

/** Takes a contact's content away everywhere, and leaves the feed's numbering whole. */
@Injectable()
export class ErasureService {
  private readonly listeners: EraseListener[] = [];

  constructor(
    private readonly contacts: ContactsService,
    private readonly writer: OrganizationWriter,
    private readonly recorder: RecorderService,
  ) {}

  /** Rooms to the right erase what is theirs here. */
  onErase(listener: EraseListener): void {
    this.listeners.push(listener);
  }

  /** Throws NOT_FOUND for a stranger's, for none and for one that is erased already; FORBIDDEN without SEND. */
  async erase(actor: Actor, contactId: string): Promise<void> {
    const { organizationId } = await this.contacts.one(actor, Scope.SEND, contactId);
    const now = new Date();
    await this.writer.write(organizationId, async (tx, tell, notify) => {
      const contact = await this.contacts.find(contactId);
      if (!contact) throw notFound({ what: 'contact' });
      const rows = await tx.$queryRaw<{ id: string; channel: Channel; from: string; to: string }[]>(activitiesOfContact(contact.id));
      const identities = (await this.contacts.identitiesOf([contact.id])).get(contact.id)!;
      const erased = { organizationId, activityIds: rows.map(({ id }) => id), addresses: identities.map(({ value }) => value) };
      for (const { id, channel } of rows) tell(shellEvent(id, contact.id, channel, now));
      if (rows.length) await tx.$queryRaw(eraseActivities(erased.activityIds, now));
      await eraseContactRow(tx, contact.id, now);
      await tx.$queryRaw(countMerge(organizationId));
      const record: RecordBeside = async (drafts, alongside) => (await this.recorder.recordWithin(tx, drafts, alongside)).forEach(notify);
      for (const listener of this.listeners) await listener(tx, erased, record);
    });
  }
}

function shellEvent(activityId: string, contactId: string, channel: Channel, now: Date) {
  return {
    activityId,
    contactId,
    channel,
    key: 'erased',
    kind: 'ERASED',
    status: null,
    occurredAt: now,
    occurredAtEstimated: false,
    receivedAt: now,
    error: null,
    metadata: {},
    deliveryId: null,
  } as const;
}
