import { Injectable } from '@nestjs/common';
import { type Contact } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { decodePageCursor, listName, type PageKey, readFirst } from '../../platform/graphql/page-cursor.js';
import { pageOf } from '../../platform/graphql/page-info.model.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { contactEvent } from '../activities/contact-event.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';
import { PresentationService } from '../activities/presentation.service.js';
import { readContactUpTo } from '../contacts/change-contact.sql.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { FeedPositionsService } from '../feed/feed-positions.service.js';
import { presentContact } from './contact.model.js';
import { type ConversationConnectionModel, type ConversationModel } from './conversation.model.js';
import { type ConversationFilter, conversationsOf, listLatest } from './list-conversations.sql.js';

/** This list's letter in its cursors. */
const LIST = 'v';
const keyOf = (row: ActivityRow): PageKey => ({ at: new Date(row.occurredAt), id: row.id });

interface ConversationRow {
  readonly contactId: string;
  readonly readUpTo: number;
  readonly readEventId: string | null;
  readonly latest: ActivityRow;
  readonly unread: number;
  readonly awaitingReply: boolean;
}

/** Conversations: contacts as an inbox shows them. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly contacts: ContactsService,
    private readonly positions: FeedPositionsService,
    private readonly presentation: PresentationService,
    private readonly writer: OrganizationWriter,
  ) {}

  /** Newest first, by the newest activity of each. */
  async list(
    actor: Actor,
    organizationId: string,
    filter: ConversationFilter,
    page: { first?: number | null; after?: string | null },
  ): Promise<ConversationConnectionModel> {
    await this.access.require(actor, Scope.READ, organizationId);
    const first = readFirst(page.first, 50);
    const list = listName(LIST, organizationId);
    const after = page.after == null ? undefined : decodePageCursor(list, page.after);
    const [found] = await this.database.prisma.$queryRaw<{ seq: bigint; eventId: string | null; rows: ActivityRow[] | null }[]>(
      listLatest(organizationId, filter, after, first + 1),
    );
    if (!found) throw notFound({ what: 'organization' });
    const { edges, pageInfo } = pageOf(list, found.rows ?? [], first, after !== undefined, keyOf);
    const conversations = await this.ofContacts(edges.flatMap(({ node }) => node.contactId ?? []));
    const feedCursor = this.positions.cursor(organizationId, { seq: Number(found.seq), eventId: found.eventId ?? undefined });
    return {
      edges: edges.flatMap(({ cursor, node }) => {
        const conversation = conversations.get(node.contactId!);
        return conversation ? [{ cursor, node: conversation }] : [];
      }),
      pageInfo,
      feedCursor,
    };
  }

  /** By the ids asked for; nothing for contacts without activities. */
  async ofContacts(contactIds: readonly string[]): Promise<ReadonlyMap<string, ConversationModel>> {
    const contacts = await this.contacts.byIds(contactIds);
    const ids = [...new Set([...contacts.values()].map(({ id }) => id))];
    const [{ rows }] = await this.database.prisma.$queryRaw<[{ rows: ConversationRow[] | null }]>(conversationsOf(ids));
    const byContact = new Map((rows ?? []).map((row) => [row.contactId, row]));
    return new Map(
      [...contacts].flatMap(([asked, contact]) => {
        const row = byContact.get(contact.id);
        return row ? [[asked, this.present(contact, row)] as const] : [];
      }),
    );
  }

  /** What came in up to a position of the feed is read. Reading never goes back. Throws as `one` of contacts, and for the cursor. */
  async markRead(actor: Actor, contactId: string, upTo: string): Promise<void> {
    const { organizationId } = await this.contacts.one(actor, Scope.READ, contactId);
    const seq = await this.positions.find(organizationId, upTo, 'upTo');
    await this.writer.write(organizationId, async (tx, tell) => {
      const contact = await this.contacts.find(contactId, tx);
      if (!contact) throw notFound({ what: 'contact' });
      if (await readContactUpTo(tx, contact.id, seq)) tell(contactEvent(contact.id, 'read', new Date()));
    });
  }

  private present(contact: Contact, { readUpTo, readEventId, latest, unread, awaitingReply }: ConversationRow): ConversationModel {
    const { id, organizationId } = contact;
    return {
      id,
      organizationId,
      contact: presentContact(contact),
      latest: this.presentation.activity(latest),
      unread: Number(unread),
      awaitingReply,
      readUpTo: readEventId === null ? null : this.positions.cursor(organizationId, { seq: Number(readUpTo), eventId: readEventId }),
    };
  }
}
