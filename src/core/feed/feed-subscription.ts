import { type EventSource } from '../../platform/graphql/event-source.js';
import { type FeedPosition } from './cursor.js';
import { type FeedFilter, passes } from './feed-entry.js';
import { type FeedNews } from './feed-news.js';
import { type ReadPage } from './feed-pages.js';

/** What a subscription yields: an entry that passes its filter, or that the feed stands at a position with nothing for it. */
export type FeedItem = FeedNews | { readonly checkpoint: FeedPosition; readonly told?: undefined };

/** What a subscription needs of its organization's live feed. */
export interface LiveFeed {
  /** Up to where members were told. */
  readonly position: FeedPosition;
  /** Whether what comes after that could not be read at the last try. */
  readonly isFailing: boolean;
  readonly members: Set<FeedSubscription>;
  /** What passes after `after`, of which `limit` at the most, and not beyond `upTo`. */
  readonly read: ReadPage;
  /** The contact that one is by now: itself, or what it was merged into. */
  contactNow(contactId: string): Promise<string>;
  /** Called once when a subscription leaves for good. */
  left(subscription: FeedSubscription): void;
}

/** Items that may wait for a reader before it is sent back to reading pages at its own pace. */
export const QUEUE_LIMIT = 1_000;
const PAGE = 100;

/**
 * One subscriber's way through a feed: pages from the database until it has caught up with the live feed, then what that tells;
 * back to pages when it falls behind by more than the queue holds. Written by hand: an `async function*` parked on an await
 * does not run its `finally` when the client leaves.
 */
export class FeedSubscription implements EventSource<FeedItem> {
  private readonly queue: FeedItem[] = [];
  /** Up to where entries were queued or passed over. */
  private scanned: number;
  private live = false;
  private ended = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private checkpointDue: boolean;
  /** Whether the consumer waits for an item. */
  private isWanting = false;
  /** Since when what it took is written; undefined before that, and while it waits for more. */
  private heldSince: number | undefined;
  private toldAt: number;

  constructor(
    readonly feed: LiveFeed,
    /** Follows its contact when that is merged into another. */
    private filter: FeedFilter,
    after: number,
    /** Whether a checkpoint tells where the feed stands when there is nothing to tell. */
    private readonly checkpoints: boolean,
    private readonly now: () => number,
  ) {
    this.scanned = after;
    this.checkpointDue = checkpoints;
    this.toldAt = now();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FeedItem, undefined>> {
    const items = await this.take(1);
    return items ? { done: false, value: items[0]! } : { done: true, value: undefined };
  }

  async take(most: number): Promise<readonly FeedItem[] | undefined> {
    this.isWanting = true;
    this.heldSince = undefined;
    for (;;) {
      if (this.failure) {
        const failure = this.failure;
        this.close();
        throw failure;
      }
      if (this.ended) return undefined;
      if (this.queue.length) {
        this.toldAt = this.now();
        this.isWanting = false;
        return this.queue.splice(0, most);
      }
      if (this.live) await new Promise<void>((wake) => (this.wake = wake));
      else await this.catchUp().catch((error: unknown) => this.throw(error));
    }
  }

  writing(): void {
    this.heldSince = this.now();
  }

  return(): Promise<IteratorResult<FeedItem, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<never> {
    this.close();
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  /** Whose events it asks for; null or undefined: everybody's. */
  get contactId(): string | null | undefined {
    return this.filter.contactId;
  }

  /** Called by the live feed, in order, with all it read; `merged`: contacts that are another by now. */
  tell(news: readonly FeedNews[], merged: ReadonlyMap<string, string>): void {
    if (!this.live) return;
    const now = merged.get(this.filter.contactId ?? '');
    if (now !== undefined) this.filter = { ...this.filter, contactId: now };
    for (const one of news) {
      const { entry } = one;
      if (entry.event.seq <= this.scanned) continue;
      if (passes(this.filter, entry)) {
        if (this.queue.length >= QUEUE_LIMIT) {
          this.live = false;
          this.feed.members.delete(this);
          break;
        }
        this.queue.push(one);
      }
      this.scanned = entry.event.seq;
    }
    if (this.queue.length) this.awake();
  }

  /** Called now and then: a checkpoint where nothing was told for `everyMs`, and one as soon as may be where none was yet. */
  checkpoint(everyMs: number): void {
    if (!this.checkpoints || !this.live || this.queue.length || !this.isWanting || this.feed.isFailing) return;
    // Whoever brings the cursor of another process may be ahead of what was heard here.
    if (this.feed.position.seq < this.scanned) return;
    if (!this.checkpointDue && this.now() - this.toldAt < everyMs) return;
    this.checkpointDue = false;
    this.queue.push({ checkpoint: this.feed.position });
    this.awake();
  }

  /** Whether its consumer has got rid of nothing for `ms` while more than a queue of them waits. */
  isStuck(ms: number): boolean {
    return !this.live && this.heldSince !== undefined && this.now() - this.heldSince > ms && this.queue.length >= QUEUE_LIMIT;
  }

  /** Ends it with an error. */
  fail(error: Error): void {
    this.failure = error;
    this.awake();
  }

  private close(): void {
    if (this.ended) return;
    this.ended = true;
    this.live = false;
    this.queue.length = 0;
    this.feed.members.delete(this);
    this.feed.left(this);
    this.awake();
  }

  private awake(): void {
    this.wake?.();
    this.wake = undefined;
  }

  /**
   * One page, or the step from pages to live: between the last look at the position and joining nothing is awaited. A merge moves all that a contact
   * had, so a page that was read for one that is another by now is read again.
   */
  private async catchUp(): Promise<void> {
    const upTo = this.feed.position.seq;
    const page = this.scanned < upTo ? await this.feed.read(this.scanned, upTo, PAGE, this.filter) : undefined;
    if (this.filter.contactId != null && (await this.followed(this.filter.contactId))) return;
    if (this.ended) return;
    if (page) {
      this.queue.push(...page.news);
      this.scanned = page.upTo;
      return;
    }
    if (this.feed.position.seq !== upTo) return;
    this.live = true;
    this.feed.members.add(this);
    this.checkpoint(0);
  }

  /** Whether the contact had become another. */
  private async followed(contactId: string): Promise<boolean> {
    const now = await this.feed.contactNow(contactId);
    if (now === contactId) return false;
    this.filter = { ...this.filter, contactId: now };
    return true;
  }
}
