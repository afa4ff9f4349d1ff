import { Injectable } from '@nestjs/common';
import { type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { lowestIdAt } from '../../platform/database/new-id.service.js';
import { notFound } from '../access/access.errors.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { activitiesOfContact, type ContactActivity, eraseActivities, eraseCallers } from '../activities/erase-activities.sql.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';
import { RecorderService } from '../activities/recorder.service.js';
import { type Alongside } from '../activities/recording-steps.service.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { IdentityKind } from '../adapters/activity-draft.js';
import { type Channel } from '../adapters/channel.js';
import { domainOf } from '../adapters/mailbox.js';
import { eraseContactRow } from '../contacts/change-contact.sql.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { E164, spellingsOfIdentity } from '../contacts/identity.js';
import { FeedEventsService } from '../feed/feed-events.service.js';
import { countMerge } from '../feed/feed-head.sql.js';
import { SendersService } from '../organizations/senders.service.js';
import { MentionErasureService } from './mention-erasure.service.js';
import { type Settled, settledNow } from './settled.service.js';

/**
 * Who is erased: the activities that become shells, and everything the person was called by. An address that the organization owns as well is none
 * of them: it would name all that the organization has.
 */
export interface Erased {
  readonly organizationId: string;
  readonly activityIds: readonly string[];
  readonly addresses: readonly string[];
}

/**
 * Rooms that look far for what names a person begin before the organization is locked: by the activities that are the person's then. Done twice it does no
 * harm. What they give is done under the lock, as by a listener.
 */
export type BeforeErase = (person: Erased, settled: Settled) => Promise<EraseListener>;

/** Records what becomes of activities as somebody goes, in the same transaction: of the person's own nothing can be said once they are shells. */
export type RecordBeside = (drafts: readonly SourcedDraft[], alongside: Alongside) => Promise<void>;

/** What other rooms keep of a person goes in the same transaction, before the shells are made; what lies outside of the database, by a job that commits with it. */
export type EraseListener = (tx: Prisma.TransactionClient, erased: Erased, record: RecordBeside) => Promise<void>;

/** Takes a contact's content away everywhere, and leaves the feed's numbering whole. */
@Injectable()
export class ErasureService {
  private readonly listeners: EraseListener[] = [];
  private readonly lookers: BeforeErase[] = [];

  constructor(
    private readonly database: DatabaseService,
    private readonly contacts: ContactsService,
    private readonly writer: OrganizationWriter,
    private readonly recorder: RecorderService,
    private readonly mentions: MentionErasureService,
    private readonly senders: SendersService,
    private readonly events: FeedEventsService,
  ) {}

  /** Rooms to the right erase what is theirs here. */
  onErase(listener: EraseListener): void {
    this.listeners.push(listener);
  }

  beforeErase(looker: BeforeErase): void {
    this.lookers.push(looker);
  }

  /** Throws NOT_FOUND for a stranger's, for none and for one that is erased already; FORBIDDEN without SEND. */
  async erase(actor: Actor, contactId: string): Promise<void> {
    // Another contact may be merged into it while it is looked for: then it is looked for again.
    while (!(await this.tryToErase(actor, contactId)));
  }

  private async tryToErase(actor: Actor, contactId: string): Promise<boolean> {
    const { id, organizationId } = await this.contacts.one(actor, Scope.SEND, contactId);
    const lookedAt = lowestIdAt(new Date());
    const { addresses, reachable } = await this.namesOf(organizationId, id);
    const settled = await settledNow(this.events, organizationId);
    await this.mentions.erase(organizationId, id, reachable);
    const before = await this.activities(this.database.prisma, id);
    const person = { organizationId, activityIds: before.map(({ id }) => id), addresses };
    const found: EraseListener[] = [];
    for (const looker of this.lookers) found.push(await looker(person, settled));
    const now = new Date();
    const isErased = await this.writer.write(organizationId, async (tx, tell, notify) => {
      const contact = await this.contacts.find(contactId, tx);
      if (!contact) throw notFound({ what: 'contact' });
      const rows = await this.activities(tx, contact.id);
      const { addresses } = await this.namesOf(organizationId, contact.id, tx);
      const erased = { organizationId, activityIds: rows.map(({ id }) => id), addresses };
      if (!isLookedFor(erased, person, lookedAt)) return false;
      const record: RecordBeside = async (drafts, alongside) => (await this.recorder.recordWithin(tx, drafts, alongside)).forEach(notify);
      for (const listener of [...found, ...this.listeners]) await listener(tx, erased, record);
      for (const { id, channel } of rows) tell(shellEvent(id, contact.id, channel, now));
      if (rows.length) await tx.$queryRaw(eraseActivities(erased.activityIds, now));
      // A provider may write another number than the one it is known by.
      const calledFrom = rows.flatMap(({ direction, from }) => (direction === 'INBOUND' && from ? [from] : []));
      await tx.$queryRaw(eraseCallers(organizationId, [...new Set([...addresses, ...calledFrom])], now));
      await eraseContactRow(tx, contact.id, now);
      await tx.$queryRaw(countMerge(organizationId));
      return true;
    });
    // What was written between the look and the lock.
    if (isErased) await this.mentions.erase(organizationId, id, reachable, settled);
    return isErased;
  }

  private activities(queries: Queries, contactId: string): Promise<ContactActivity[]> {
    return queries.$queryRaw(activitiesOfContact(contactId));
  }

  private async namesOf(
    organizationId: string,
    contactId: string,
    tx?: Prisma.TransactionClient,
  ): Promise<Pick<Erased, 'addresses'> & { readonly reachable: readonly string[] }> {
    const identities = (await this.contacts.identitiesOf([contactId], tx)).get(contactId)!;
    const senders = (await this.senders.ofOrganizations([organizationId], tx)).get(organizationId) ?? [];
    const isOurs = new Set(senders.map(({ address }) => address));
    // Of a domain that is ours every mailbox is.
    const theirs = identities.filter(
      (identity) => !spellingsOfIdentity(identity).some((one) => isOurs.has(one) || isOurs.has(domainOf(one))),
    );
    // Of what else calls and writes, as a sender id of letters, the name is a word like any other.
    const reachable = theirs
      .filter(({ kind, value }) => kind === IdentityKind.EMAIL || (kind === IdentityKind.PHONE && E164.test(value)))
      .flatMap(spellingsOfIdentity);
    return { addresses: [...new Set(theirs.flatMap(spellingsOfIdentity))], reachable };
  }
}

/** What was made since the look began is found by its age. */
function isLookedFor(erased: Erased, person: Erased, lookedAt: string): boolean {
  const known = new Set([...person.activityIds, ...person.addresses]);
  return erased.addresses.every((address) => known.has(address)) && erased.activityIds.every((id) => known.has(id) || id > lookedAt);
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
