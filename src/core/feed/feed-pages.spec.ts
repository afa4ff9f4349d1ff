import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type FeedEntry, type FeedFilter } from './feed-entry.js';
import { newsOf } from './feed-news.js';
import { type FeedPage, FeedPages } from './feed-pages.js';

const ALL: FeedFilter = { channels: null, kinds: 'ALL' };

function entry(activityId: string | null): FeedEntry {
  return { event: { activityId } as FeedEntry['event'], activity: null };
}

/** Pages of one feed, each read by hand: `give` ends the oldest read. */
function feed() {
  const reads: { give: (page: FeedPage) => void; fail: (error: Error) => void }[] = [];
  const pages = new FeedPages(() => new Promise((give, fail) => reads.push({ give, fail })));
  const give = async (...activityIds: string[]) => {
    reads.shift()!.give({ news: newsOf(activityIds.map(entry)), upTo: 9 });
    await setImmediate();
  };
  return { pages, reads, give, read: (after = 0, filter = ALL) => pages.read(after, 9, 200, filter) };
}

describe('FeedPages', () => {
  it('reads a page once for those who ask while it is read, and for those who ask a moment later', async () => {
    const { give, read, reads } = feed();
    const [one, two] = [read(), read()];
    await give('a');
    expect(await one).toBe(await two);
    expect(await read()).toBe(await one);
    expect(reads).toEqual([]);
  });

  it('reads another for another place or filter', () => {
    const { read, reads } = feed();
    void [read(), read(1), read(0, { ...ALL, kinds: 'CREATED' }), read(0, { ...ALL, contactId: 'ana' })];
    expect(reads).toHaveLength(4);
  });

  it('gives no page in which something has changed since, and those in which nothing has', async () => {
    const { pages, give, read, reads } = feed();
    const [changed, other] = [read(), read(1)];
    await give('a', 'b');
    await give('c');
    pages.changed([entry('b'), entry('d')]);
    expect(read(1)).toBe(other);
    expect(read()).not.toBe(changed);
    expect(reads).toHaveLength(1);
  });

  it('gives no page in which something has changed while it was read', async () => {
    const { pages, give, read, reads } = feed();
    const [changed, other] = [read(), read(1)];
    pages.changed([entry('a')]);
    await give('a');
    await give('b');
    expect(read()).not.toBe(changed);
    expect(read(1)).toBe(other);
    expect(reads).toHaveLength(1);
  });

  it('gives no page from before something about a contact', async () => {
    const { pages, give, read, reads } = feed();
    void read();
    await give('a');
    void read(1);
    pages.changed([entry(null)]);
    void [read(), read(1)];
    expect(reads).toHaveLength(3);
  });

  it('keeps no page that could not be read', async () => {
    const { read, reads } = feed();
    const failing = [read(), read()];
    reads.shift()!.fail(new Error('the database is away'));
    for (const page of failing) await expect(page).rejects.toThrow('the database is away');
    void read();
    expect(reads).toHaveLength(1);
  });

  it('keeps a page for a second, and four at the most', async () => {
    const { give, read, reads } = feed();
    void read();
    await give('a');
    await new Promise((done) => setTimeout(done, 1_100));
    void read();
    expect(reads).toHaveLength(1);
    for (let after = 1; after <= 4; after++) void read(after);
    void read();
    expect(reads).toHaveLength(6);
  });
});
