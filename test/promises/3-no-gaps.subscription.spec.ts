import fc from 'fast-check';
import { type FeedPosition } from '../../src/core/feed/cursor.js';
import { type FeedEntry, type FeedFilter, passes } from '../../src/core/feed/feed-entry.js';
import { type FeedPage } from '../../src/core/feed/feed-pages.js';
import { FeedSubscription, type LiveFeed, QUEUE_LIMIT } from '../../src/core/feed/feed-subscription.js';

type Told = { readonly seq: number; readonly checkpoint: boolean };

/** A feed of which a test says when something is committed, when members are told of it, and when a page that was asked for comes. */
class FakeFeed implements LiveFeed {
  position: FeedPosition = { seq: 0, eventId: undefined };
  isFailing = false;
  readonly members = new Set<FeedSubscription>();
  readonly committed: FeedEntry[] = [];
  departures = 0;
  merged = false;
  private readonly pages: (() => void)[] = [];

  commit(n: number, contactId: string | null = null): void {
    for (let i = 0; i < n; i++) this.committed.push(entryAt(this.committed.length + 1, contactId));
  }

  /** As OrganizationFeed does: the position first, then the members. */
  tell(n: number): void {
    const news = this.committed.slice(this.position.seq, this.position.seq + n).map((entry) => ({ entry }));
    if (!news.length) return;
    this.position = positionOf(news.at(-1)!.entry);
    for (const member of [...this.members]) member.tell(news, new Map(this.merged ? [['ana', 'bea']] : []));
  }

  read(after: number, upTo: number, limit: number, filter: FeedFilter): Promise<FeedPage> {
    const passing = this.committed.slice(after, upTo).filter((entry) => passes(filter, entry));
    const news = passing.slice(0, limit).map((entry) => ({ entry }));
    return new Promise((done) => this.pages.push(() => done({ news, upTo: news.length < limit ? upTo : news.at(-1)!.entry.event.seq })));
  }

  /** Ana's contact becomes Bea's, and all that was hers is Bea's. */
  merge(): void {
    this.merged = true;
    for (const [i, entry] of this.committed.entries())
      if (entry.activity?.contactId === 'ana') this.committed[i] = { ...entry, activity: { contactId: 'bea' } };
    const event = { seq: this.committed.length + 1, kind: 'CONTACT', channel: null, contactId: 'ana', metadata: { mergedIntoId: 'bea' } };
    this.committed.push({ event: event as unknown as FeedEntry['event'], activity: null });
  }

  contactNow(contactId: string): Promise<string> {
    return Promise.resolve(this.merged && contactId === 'ana' ? 'bea' : contactId);
  }

  givePage(): boolean {
    const page = this.pages.shift();
    page?.();
    return page !== undefined;
  }

  left(): void {
    this.departures++;
  }
}

/** Every third event creates, and two of five are emails. */
function entryAt(seq: number, contactId: string | null): FeedEntry {
  const event = { seq, id: `event-${seq}`, kind: seq % 3 ? 'STATUS' : 'CREATED', channel: seq % 5 < 2 ? 'EMAIL' : 'SMS' };
  return { event: event as FeedEntry['event'], activity: { contactId } };
}

const positionOf = ({ event }: FeedEntry): FeedPosition => ({ seq: event.seq, eventId: event.id });

/** One consumer: asks for the next only when it has the last. */
class Reader {
  readonly told: Told[] = [];
  private asking = false;

  constructor(readonly subscription: FeedSubscription) {}

  ask(): void {
    if (this.asking) return;
    this.asking = true;
    void this.subscription.next().then(({ value }) => {
      this.asking = false;
      if (value)
        this.told.push(
          'entry' in value ? { seq: value.entry.event.seq, checkpoint: false } : { seq: value.checkpoint.seq, checkpoint: true },
        );
    });
  }
}

const settle = () => new Promise((done) => setImmediate(done));

const filters = fc.record({
  channels: fc.constantFrom<FeedFilter['channels']>(null, ['SMS'], ['EMAIL'], ['VOICE']),
  kinds: fc.constantFrom<FeedFilter['kinds']>('ALL', 'CREATED', 'UPDATED'),
});
const steps = fc.array(
  fc.oneof(
    fc.record({ step: fc.constant('commit' as const), n: fc.constantFrom(1, 3, 40, 250, QUEUE_LIMIT + 300) }),
    fc.record({ step: fc.constant('tell' as const), n: fc.constantFrom(1, 7, 500) }),
    fc.record({ step: fc.constant('ask' as const), n: fc.constantFrom(1, 5, 60) }),
    fc.record({ step: fc.constant('page' as const), n: fc.constant(1) }),
    fc.record({ step: fc.constant('checkpoint' as const), n: fc.constant(1) }),
  ),
  { minLength: 5, maxLength: 60 },
);
const runs = fc.record({ before: fc.nat(600), told: fc.nat(600), after: fc.nat(600), filter: filters, checkpoints: fc.boolean(), steps });

async function run(given: typeof runs extends fc.Arbitrary<infer T> ? T : never) {
  const feed = new FakeFeed();
  feed.commit(given.before);
  feed.tell(given.told); // this process may not have heard of all yet
  const after = Math.min(given.after, given.before);
  let now = 0;
  const reader = new Reader(new FeedSubscription(feed, given.filter, after, given.checkpoints, () => now));
  for (const { step, n } of given.steps) {
    now += 10;
    if (step === 'commit') feed.commit(n);
    else if (step === 'tell') feed.tell(n);
    else if (step === 'page') feed.givePage();
    else if (step === 'checkpoint') reader.subscription.checkpoint(5);
    else for (let i = 0; i < n; i++, await settle()) reader.ask();
    await settle();
  }
  // Whatever happened, in the end all is told and the reader goes on reading.
  const wanted = feed.committed.slice(after).filter((entry) => passes(given.filter, entry)).length;
  for (let idle = 0; idle < 20;) {
    const before = reader.told.length;
    feed.tell(500);
    reader.ask();
    feed.givePage();
    await settle();
    idle = reader.told.length > before || feed.position.seq < feed.committed.length ? 0 : idle + 1;
    if (reader.told.length > wanted + 1_000) break;
  }
  return { feed, reader, after };
}

describe('A subscription, whatever comes between its pages, notices and reads', () => {
  it('tells each entry that passes its filter once, in order, and none before its cursor', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (given) => {
        const { feed, reader, after } = await run(given);
        const expected = feed.committed.slice(after).filter((entry) => passes(given.filter, entry));
        expect(reader.told.filter((told) => !told.checkpoint).map((told) => told.seq)).toEqual(expected.map((entry) => entry.event.seq));
      }),
      { numRuns: 60 },
    );
  });

  it('never gives a checkpoint that stands before its cursor or before what it told, nor after what it did not tell', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (given) => {
        const { feed, reader, after } = await run({ ...given, checkpoints: true });
        let at = after;
        for (const told of reader.told) {
          expect(told.seq).toBeGreaterThanOrEqual(at);
          const passedOver = feed.committed.slice(at, told.seq - (told.checkpoint ? 0 : 1)).filter((entry) => passes(given.filter, entry));
          expect(passedOver).toEqual([]);
          at = told.seq;
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, number, number?]>([
    ['before its pages come', 0],
    ['between them', 1],
    ['before it is live', 3],
    ['when it is', 5],
    ['when it is, and not all was told', 5, 3],
  ])("of a contact tells what is the contact's that one was merged into, merged %s", async (_when, pages, untold = 0) => {
    const feed = new FakeFeed();
    feed.commit(500, 'ana');
    feed.tell(500);
    const filter: FeedFilter = { channels: null, kinds: 'ALL', contactId: 'ana' };
    const reader = new Reader(new FeedSubscription(feed, filter, 0, false, () => 0));
    const readOn = async (least: number) => {
      for (let idle = 0; idle < 20; await settle(), idle++) {
        reader.ask();
        if (reader.told.length >= least) return;
      }
    };
    for (let page = 0; page < pages; page++) {
      await readOn(0);
      feed.givePage();
      await readOn(Math.min(500, 100 * (page + 1)));
    }
    feed.commit(untold, 'ana');
    feed.merge();
    feed.commit(1, 'bea');
    feed.tell(500);
    for (let i = 0; i < 1_000; i++, await settle()) {
      reader.ask();
      feed.givePage();
    }
    const told = reader.told.map(({ seq }) => seq);
    const all = 500 + untold;
    expect(told.filter((seq) => seq !== all + 1)).toEqual([...Array.from({ length: all }, (_, i) => i + 1), all + 2]);
  });

  it('that nobody reads any more holds no place in the feed', async () => {
    const feed = new FakeFeed();
    const reader = new Reader(new FeedSubscription(feed, { channels: null, kinds: 'ALL' }, 0, false, () => 0));
    reader.ask();
    await settle();
    expect(feed.members.size).toBe(1);
    await reader.subscription.return();
    await reader.subscription.return();
    expect([feed.members.size, feed.departures]).toEqual([0, 1]);
    expect(await reader.subscription.next()).toEqual({ done: true, value: undefined });
  });

  it('that failed tells the error to who waits for it, and ends', async () => {
    const feed = new FakeFeed();
    const subscription = new FeedSubscription(feed, { channels: null, kinds: 'ALL' }, 0, false, () => 0);
    const next = subscription.next();
    await settle();
    subscription.fail(new Error('the feed was put back'));
    await expect(next).rejects.toThrow('the feed was put back');
    expect([feed.members.size, feed.departures]).toEqual([0, 1]);
  });

  it('says nothing of where the feed stands while what comes next cannot be read', async () => {
    const feed = new FakeFeed();
    let now = 0;
    const subscription = new FeedSubscription(feed, { channels: null, kinds: 'ALL' }, 0, true, () => now);
    expect(await subscription.next()).toMatchObject({ value: { checkpoint: { seq: 0 } } });
    let told = false;
    void subscription.next().then(() => (told = true));
    await settle();
    now = 60_000;
    for (const isFailing of [true, false]) {
      feed.isFailing = isFailing;
      subscription.checkpoint(25_000);
      await settle();
      expect(told).toBe(!isFailing);
    }
  });

  it('says it is stuck only when more than its queue waits and its reader has taken nothing for so long', () => {
    const feed = new FakeFeed();
    let now = 0;
    const subscription = new FeedSubscription(feed, { channels: null, kinds: 'ALL' }, 0, true, () => now);
    return subscription.next().then(() => {
      // the checkpoint is being written, and the reader does not take it
      subscription.writing();
      feed.commit(QUEUE_LIMIT);
      feed.tell(QUEUE_LIMIT);
      now = 10_000;
      expect(subscription.isStuck(5_000)).toBe(false);
      feed.commit(1);
      feed.tell(1);
      expect(subscription.isStuck(5_000)).toBe(true);
    });
  });

  it('is not stuck while what was taken is made, however long that takes', async () => {
    const feed = new FakeFeed();
    let now = 0;
    const subscription = new FeedSubscription(feed, { channels: null, kinds: 'ALL' }, 0, true, () => now);
    await subscription.take(16);
    feed.commit(QUEUE_LIMIT + 1);
    feed.tell(QUEUE_LIMIT + 1);
    now = 10_000;
    expect(subscription.isStuck(5_000)).toBe(false);
  });
});
