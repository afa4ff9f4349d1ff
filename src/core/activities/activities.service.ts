import { Injectable, type OnModuleInit } from '@nestjs/common';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { decodePageCursor, listName, type PageKey, readFirst } from '../../platform/graphql/page-cursor.js';
import { pageOf } from '../../platform/graphql/page-info.model.js';
import { searchWords } from '../../platform/graphql/search-words.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor, sees } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { spellingsOf } from '../contacts/recipient.js';
import { FeedEventsService } from '../feed/feed-events.service.js';
import { FeedPositionsService } from '../feed/feed-positions.service.js';
import { type ActivityFilterInput } from './activity-filter.input.js';
import { type ActivityRow } from './activity-row.js';
import { activitiesById, activitiesIn, activityById, listActivities, repliedTo } from './list-activities.sql.js';
import { ownReplyIn } from './own-reply.js';

/** This list's letter in its cursors. */
const LIST = 'a';
/** The contact of no activity. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const keyOf = (row: ActivityRow): PageKey => ({ at: new Date(row.occurredAt), id: row.id });

/** Activities as they are read. */
@Injectable()
export class ActivitiesService implements OnModuleInit {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly contacts: ContactsService,
    private readonly events: FeedEventsService,
    private readonly positions: FeedPositionsService,
  ) {}

  onModuleInit(): void {
    this.events.useActivities(activitiesIn);
  }

  /** Throws NOT_FOUND, for a stranger's as for none, and FORBIDDEN without the scope. */
  async one(actor: Actor, id: string, scope: Scope = Scope.READ): Promise<ActivityRow> {
    const row = isUuid(id) ? await this.whole(id) : undefined;
    if (!row || !sees(actor, row.organizationId)) throw notFound({ what: 'activity' });
    await this.access.require(actor, scope, row.organizationId);
    return row;
  }

  async list(actor: Actor, organizationId: string, filter: ActivityFilterInput, page: { first?: number | null; after?: string | null }) {
    await this.access.require(actor, Scope.READ, organizationId);
    const first = readFirst(page.first, 50);
    const list = listName(LIST, organizationId);
    const after = page.after == null ? undefined : decodePageCursor(list, page.after);
    if (filter.participant?.includes('\0')) throw badInput('participant', 'participant must be an address.');
    const participants = filter.participant == null ? undefined : spellingsOf(filter.participant);
    const words = searchWords(filter.search);
    const contactId = filter.contactId == null ? undefined : ((await this.contacts.find(filter.contactId))?.id ?? NOBODY);
    const [found] = await this.database.prisma.$queryRaw<{ seq: bigint; eventId: string | null; rows: ActivityRow[] | null }[]>(
      listActivities(organizationId, { ...filter, contactId, words, participants }, after, first + 1),
    );
    if (!found) throw notFound({ what: 'organization' });
    const feedCursor = this.positions.cursor(organizationId, { seq: Number(found.seq), eventId: found.eventId ?? undefined });
    return { ...pageOf(list, found.rows ?? [], first, after !== undefined, keyOf), feedCursor };
  }

  /**
   * What replies answer, by the provider's name, the account and the reference with spaces between, or by our own id (`ownReply`); nothing for
   * what is unknown.
   */
  async repliedTo(keys: readonly string[]): Promise<ReadonlyMap<string, ActivityRow>> {
    const own = keys.flatMap((key) => (ownReplyIn(key) === undefined ? [] : [{ key, activityId: ownReplyIn(key)! }]));
    const others = keys.filter((key) => ownReplyIn(key) === undefined);
    const told = others.length ? await this.database.prisma.$queryRaw<{ key: string; activityId: string }[]>(repliedTo(others)) : [];
    const found = [...own, ...told];
    const rows = await this.byId(found.map(({ activityId }) => activityId));
    return new Map(found.flatMap(({ key, activityId }) => (rows.has(activityId) ? [[key, rows.get(activityId)!] as const] : [])));
  }

  async byId(ids: readonly string[]): Promise<ReadonlyMap<string, ActivityRow>> {
    if (!ids.length) return new Map();
    const [{ rows }] = await this.database.prisma.$queryRaw<[{ rows: ActivityRow[] | null }]>(activitiesById(ids));
    return new Map((rows ?? []).map((row) => [row.id, row]));
  }

  private async whole(id: string): Promise<ActivityRow | undefined> {
    const [found] = await this.database.prisma.$queryRaw<{ row: ActivityRow }[]>(activityById(id));
    return found?.row;
  }
}
