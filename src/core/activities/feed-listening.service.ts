import { Injectable } from '@nestjs/common';
import { type SocketHandle } from '../../platform/graphql/graphql-context.js';
import { readFirst } from '../../platform/graphql/page-cursor.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { type Channel } from '../adapters/channel.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { type FeedEntry, type FeedFilter } from '../feed/feed-entry.js';
import { FeedEventsService } from '../feed/feed-events.service.js';
import { FeedHub } from '../feed/feed-hub.service.js';
import { FeedPositionsService } from '../feed/feed-positions.service.js';
import { type FeedSubscription } from '../feed/feed-subscription.js';

export interface Listening {
  readonly organizationId: string;
  readonly channels?: readonly Channel[] | null;
  readonly contactId?: string | null;
  /** Whether READ and CONTACT are told too. */
  readonly conversations?: boolean | null;
  readonly after?: string | null;
}

/** The feed for those who may read it: live, or page by page. */
@Injectable()
export class FeedListeningService {
  constructor(
    private readonly access: AccessService,
    private readonly contacts: ContactsService,
    private readonly positions: FeedPositionsService,
    private readonly events: FeedEventsService,
    private readonly hub: FeedHub,
  ) {}

  /** Throws NOT_FOUND, FORBIDDEN, BAD_USER_INPUT or CURSOR_EXPIRED before the first item. */
  async listen(
    actor: Actor,
    { organizationId, channels = null, contactId, conversations, after }: Listening,
    kinds: FeedFilter['kinds'],
    socket: SocketHandle | undefined,
  ): Promise<FeedSubscription> {
    await this.access.require(actor, Scope.READ, organizationId);
    const seq = after == null ? undefined : await this.positions.find(organizationId, after);
    const filter = { channels, kinds, conversations: conversations === true, contactId: await this.contactOf(organizationId, contactId) };
    return this.hub.subscribe(organizationId, filter, seq, { checkpoints: kinds === 'ALL', socket });
  }

  /** Throws NOT_FOUND for a contact that is not of the organization. */
  private async contactOf(organizationId: string, contactId: string | null | undefined): Promise<string | null> {
    if (contactId == null) return null;
    const contact = await this.contacts.find(contactId);
    if (contact?.organizationId !== organizationId) throw notFound({ what: 'contact' });
    return contact.id;
  }

  /** One page. Without `after`: from the oldest kept. `cursor` stands at the last item, or at the head where there are no more. */
  async page(
    actor: Actor,
    { organizationId, channels = null, contactId, conversations, after }: Listening,
    first: number | null | undefined,
  ): Promise<{ entries: FeedEntry[]; cursor: string; hasMore: boolean }> {
    await this.access.require(actor, Scope.READ, organizationId);
    const limit = readFirst(first, 100);
    const from = after == null ? 0 : await this.positions.find(organizationId, after);
    const head = (await this.events.head(organizationId))!;
    const found = await this.events.read(organizationId, from, head.seq, limit + 1, {
      channels,
      kinds: 'ALL',
      conversations: conversations === true,
      contactId: await this.contactOf(organizationId, contactId),
    });
    const entries = found.slice(0, limit);
    const hasMore = found.length > limit;
    const last = entries.at(-1)?.event;
    return {
      entries,
      hasMore,
      cursor: this.positions.cursor(organizationId, hasMore && last ? { seq: last.seq, eventId: last.id } : head),
    };
  }
}
