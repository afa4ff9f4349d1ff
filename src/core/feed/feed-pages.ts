import { LRUCache } from 'lru-cache';
import { type FeedEntry, type FeedFilter } from './feed-entry.js';
import { type FeedNews } from './feed-news.js';

/** Pages of activities whose texts may be long. */
const MOST_KEPT = 4;
const KEPT_MS = 1_000;

/** Part of a feed as one filter lets it through. */
export interface FeedPage {
  readonly news: readonly FeedNews[];
  /** Up to where it holds all that passes. */
  readonly upTo: number;
}

interface KeptPage {
  readonly page: Promise<FeedPage>;
  /** The activities in it; undefined while it is read. */
  activityIds: ReadonlySet<string> | undefined;
  /** What changed while it was read. */
  readonly changedMeanwhile: Set<string>;
}

/** What `LiveFeed.read` asks for. */
export type ReadPage = (after: number, upTo: number, limit: number, filter: FeedFilter) => Promise<FeedPage>;

/**
 * Pages of one feed that were read a moment ago: after a restart all listeners come back with the same few cursors, and what is read and executed for each
 * of a thousand takes minutes. A page is given as long as nothing in it has changed.
 */
export class FeedPages {
  private readonly kept = new LRUCache<string, KeptPage>({ max: MOST_KEPT, ttl: KEPT_MS, ttlAutopurge: true });

  constructor(private readonly readPage: ReadPage) {}

  /** As `readPage`, or less far where that was read before: `upTo` of the page says how far. */
  read(after: number, upTo: number, limit: number, filter: FeedFilter): Promise<FeedPage> {
    const name = JSON.stringify([after, limit, filter]);
    const known = this.kept.get(name);
    if (known) return known.page;
    const kept: KeptPage = { page: this.readPage(after, upTo, limit, filter), activityIds: undefined, changedMeanwhile: new Set() };
    this.kept.set(name, kept);
    kept.page.then(
      ({ news }) => {
        const activityIds = news.flatMap(({ entry }) => entry.event.activityId ?? []);
        kept.activityIds = new Set(activityIds);
        if (activityIds.some((id) => kept.changedMeanwhile.has(id))) this.forget(name, kept);
      },
      () => this.forget(name, kept),
    );
    return kept.page;
  }

  /** These were committed since. What is about a contact is about all of its activities, so no page is given any more. */
  changed(entries: readonly FeedEntry[]): void {
    const changed = entries.flatMap(({ event }) => event.activityId ?? []);
    if (changed.length < entries.length) return this.kept.clear();
    for (const [name, { activityIds, changedMeanwhile }] of this.kept)
      for (const id of changed)
        if (!activityIds) changedMeanwhile.add(id);
        else if (activityIds.has(id)) this.kept.delete(name);
  }

  private forget(name: string, kept: KeptPage): void {
    if (this.kept.peek(name) === kept) this.kept.delete(name);
  }
}
