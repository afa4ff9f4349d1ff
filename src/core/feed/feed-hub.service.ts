import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type PubSubEngine } from 'graphql-subscriptions';
import { type SocketHandle } from '../../platform/graphql/graphql-context.js';
import { CloseCode } from '../../platform/graphql/socket-writes.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { oneAtATime } from '../../platform/jobs/one-at-a-time.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { EpochService } from './epoch.service.js';
import { type FeedFilter } from './feed-entry.js';
import { FeedEventsService } from './feed-events.service.js';
import { cursorExpired } from './feed.errors.js';
import { FeedSubscription, type LiveFeed } from './feed-subscription.js';
import { OrganizationFeed } from './organization-feed.service.js';
import { FEED_NOTICES, type FeedMessage, LOOK, PUB_SUB } from './pub-sub.js';

/** A lost notice is repaired within this. */
const LOOK_EVERY_MS = 1_000;
/** "At least every 30 seconds", with room for a busy moment. */
const CHECKPOINT_EVERY_MS = 25_000;
/** A reader that takes nothing for so long while more than a queue waits is too slow. */
const STUCK_MS = 5_000;

/** The live feeds of this process: each organization's new rows are read once, whoever listens, and told to its subscriptions. */
@Injectable()
export class FeedHub implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly feeds = new Map<string, OrganizationFeed>();
  private readonly subscriptions = new Map<FeedSubscription, SocketHandle | undefined>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: FeedEventsService,
    private readonly contacts: ContactsService,
    @Inject(PUB_SUB) private readonly pubSub: PubSubEngine,
    private readonly epoch: EpochService,
    private readonly database: DatabaseService,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.epoch.onChange(() => this.expire([...this.feeds.values()]));
    await this.pubSub.subscribe(FEED_NOTICES, (message: FeedMessage) => this.hear(message), {});
    this.timer = setInterval(() => this.tick(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** A subscription from `after` on, or from now on where that is undefined. The organization must exist. */
  async subscribe(
    organizationId: string,
    filter: FeedFilter,
    after: number | undefined,
    options: { checkpoints: boolean; socket: SocketHandle | undefined },
  ): Promise<FeedSubscription> {
    const feed = this.feeds.get(organizationId) ?? this.open(organizationId);
    feed.users++;
    try {
      await feed.ready();
    } catch (error) {
      this.leave(feed);
      throw error;
    }
    if (this.feeds.get(organizationId) !== feed) throw cursorExpired();
    const subscription = new FeedSubscription(feed, filter, after ?? feed.position.seq, options.checkpoints, () => performance.now());
    this.subscriptions.set(subscription, options.socket);
    return subscription;
  }

  /** The database was put back to an earlier state: what anybody knew of these feeds, or else of it, no longer holds. */
  private restored(feeds: readonly LiveFeed[]): void {
    this.database.doubt();
    this.expire(feeds);
  }

  private expire(feeds: readonly LiveFeed[]): void {
    for (const [organizationId, feed] of this.feeds) if (feeds.includes(feed)) this.feeds.delete(organizationId);
    for (const subscription of this.subscriptions.keys()) if (feeds.includes(subscription.feed)) subscription.fail(cursorExpired());
  }

  private open(organizationId: string): OrganizationFeed {
    const left = (subscription: FeedSubscription) => {
      this.subscriptions.delete(subscription);
      this.leave(feed);
    };
    const feed: OrganizationFeed = new OrganizationFeed(organizationId, this.events, this.contacts, this.log, left, () =>
      this.restored([feed]),
    );
    this.feeds.set(organizationId, feed);
    return feed;
  }

  private leave(feed: OrganizationFeed): void {
    if (--feed.users === 0 && this.feeds.get(feed.organizationId) === feed) this.feeds.delete(feed.organizationId);
  }

  private hear(message: FeedMessage): void {
    if (message === LOOK) void this.look();
    else this.feeds.get(message.organizationId)?.heard(message.last);
  }

  private tick(): void {
    void this.look();
    for (const feed of this.feeds.values()) for (const member of feed.members) member.checkpoint(CHECKPOINT_EVERY_MS);
    for (const [subscription, socket] of this.subscriptions)
      if (subscription.isStuck(STUCK_MS)) socket?.close(CloseCode.COME_BACK, 'resume');
  }

  private readonly look = oneAtATime(async () => {
    if (!this.feeds.size) return;
    const told = new Map([...this.feeds.values()].map((feed) => [feed, feed.position.seq]));
    try {
      for (const { organizationId, seq } of await this.events.heads([...this.feeds.keys()])) {
        const feed = this.feeds.get(organizationId);
        if (!feed) continue;
        // A head below what was told before we asked: a restore that kept its cluster and timeline.
        if (seq < (told.get(feed) ?? 0)) this.restored([feed]);
        else feed.heard(seq);
      }
    } catch (error) {
      this.log.warn('feed.look_failed', { reason: reasonOf(error) });
    }
  });
}
