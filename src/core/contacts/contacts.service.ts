import { Injectable } from '@nestjs/common';
import { type Contact, Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { decodePageCursor, listName, type PageKey, readFirst } from '../../platform/graphql/page-cursor.js';
import { pageOf } from '../../platform/graphql/page-info.model.js';
import { searchWords } from '../../platform/graphql/search-words.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor, sees } from '../access/actor.js';
import { type Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type DraftIdentity, type IdentityKind } from '../adapters/activity-draft.js';
import { contactsByIds, searchContacts } from './list-contacts.sql.js';

/** This list's letter in its cursors. */
const LIST = 'c';
const keyOf = (row: Contact): PageKey => ({ at: row.createdAt, id: row.id });

/** Contacts as they are read. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
  ) {}

  /** A merged contact's old id finds the one it became. Throws NOT_FOUND, for a stranger's as for none, and FORBIDDEN. */
  async one(actor: Actor, scope: Scope, id: string): Promise<Contact> {
    const contact = await this.find(id);
    if (!contact || !sees(actor, contact.organizationId)) throw notFound({ what: 'contact' });
    await this.access.require(actor, scope, contact.organizationId);
    return contact;
  }

  /** Undefined for none, and for an erased one. `queries`: whoever holds a lock reads by the connection that has it. */
  async find(id: string, queries: Queries = this.database.prisma): Promise<Contact | undefined> {
    return isUuid(id) ? (await this.byIds([id.toLowerCase()], queries)).get(id.toLowerCase()) : undefined;
  }

  /** By the ids asked for, each resolved to the contact it became. */
  async byIds(ids: readonly string[], queries: Queries = this.database.prisma): Promise<ReadonlyMap<string, Contact>> {
    const rows = await queries.$queryRaw<(Contact & { asked: string })[]>(contactsByIds(ids));
    return new Map(rows.map(({ asked, ...contact }) => [asked, contact]));
  }

  /** Newest first. `search`: words in a name, an address, or the client's own id. */
  async list(
    actor: Actor,
    scope: Scope,
    organizationId: string,
    search: string | null | undefined,
    page: { first?: number | null; after?: string | null },
  ) {
    await this.access.require(actor, scope, organizationId);
    const first = readFirst(page.first, 50);
    const list = listName(LIST, organizationId);
    const after = page.after == null ? undefined : decodePageCursor(list, page.after);
    const rows = await this.database.prisma.$queryRaw<Contact[]>(searchContacts(organizationId, searchWords(search), after, first + 1));
    return pageOf(list, rows, first, after !== undefined, keyOf);
  }

  async identitiesOf(
    contactIds: readonly string[],
    client: Prisma.TransactionClient = this.database.prisma,
  ): Promise<ReadonlyMap<string, DraftIdentity[]>> {
    const rows = await client.contactIdentity.findMany({
      where: { contactId: { in: [...contactIds] } },
      orderBy: [{ kind: 'asc' }, { value: 'asc' }],
    });
    const found = new Map<string, DraftIdentity[]>(contactIds.map((id) => [id, []]));
    for (const { contactId, kind, value } of rows) found.get(contactId)!.push({ kind: kind as IdentityKind, value });
    return found;
  }
}
