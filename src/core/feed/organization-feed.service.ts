import { reasonOf } from '../../platform/errors/reason-of.js';
import { type Log } from '../../platform/logging/log.service.js';
import { type ContactsService } from '../contacts/contacts.service.js';
import { type FeedPosition } from './cursor.js';
import { type FeedEventsService } from './feed-events.service.js';
import { newsOf } from './feed-news.js';
import { FeedPages, type ReadPage } from './feed-pages.js';
import { type FeedSubscription, type LiveFeed } from './feed-subscription.js';

const PAGE = 500;
const NOBODY: ReadonlyMap<string, string> = new Map();

/** One organization's live feed in this process. It keeps the newest seq heard and reads until it has told that far. */
export class OrganizationFeed implements LiveFeed {
  readonly members = new Set<FeedSubscription>();
  position: FeedPosition = { seq: 0, eventId: undefined };
  isFailing = false;
  /** Subscriptions that hold it open, those still catching up included. */
  users = 0;
  readonly read: ReadPage = (...asked) => this.pages.read(...asked);
  private readonly pages = new FeedPages(async (after, upTo, limit, filter) => {
    const news = newsOf(await this.events.read(this.organizationId, after, upTo, limit, filter));
    return { news, upTo: news.length < limit ? upTo : news.at(-1)!.entry.event.seq };
  });
  private newest = 0;
  private reading = false;
  private opened: Promise<void> | undefined;

  constructor(
    readonly organizationId: string,
    private readonly events: FeedEventsService,
    private readonly contacts: ContactsService,
    private readonly log: Log,
    readonly left: (subscription: FeedSubscription) => void,
    /** Called where what was told last is not in the database any more. */
    private readonly broken: () => void,
  ) {}

  /** Begins at the head. */
  ready(): Promise<void> {
    return (this.opened ??= this.events.head(this.organizationId).then(
      (head) => {
        if (!head) throw new Error('an organization without a feed');
        this.position = head;
        if (this.newest > head.seq && !this.reading) void this.tell();
      },
      (error: unknown) => {
        this.opened = undefined;
        throw error;
      },
    ));
  }

  /** Events up to `seq` are committed. */
  heard(seq: number): void {
    if (seq <= this.newest) return;
    this.newest = seq;
    if (this.opened && !this.reading) void this.tell();
  }

  async contactNow(contactId: string): Promise<string> {
    return (await this.contacts.find(contactId))?.id ?? contactId;
  }

  /**
   * What the contacts that members ask for are by now, where that is another. Looked at after the entries, whose activities are as they stand: of a
   * merge that moved them the event may come later.
   */
  private async mergedSince(): Promise<ReadonlyMap<string, string>> {
    const asked = new Set([...this.members].flatMap(({ contactId }) => contactId ?? []));
    if (!asked.size) return NOBODY;
    const now = await this.contacts.byIds([...asked]);
    return new Map([...now].flatMap(([id, contact]) => (contact.id === id ? [] : [[id, contact.id] as const])));
  }

  private async tell(): Promise<void> {
    this.reading = true;
    try {
      await this.opened;
      while (this.position.seq < this.newest && this.users > 0) {
        const entries = await this.events.readOn(this.organizationId, this.position, this.newest, PAGE);
        if (!entries) return this.broken();
        const last = entries.at(-1);
        if (!last) {
          this.newest = this.position.seq;
          this.isFailing = false;
          break;
        }
        const merged = await this.mergedSince();
        this.isFailing = false;
        this.position = { seq: last.event.seq, eventId: last.event.id };
        this.pages.changed(entries);
        const news = newsOf(entries);
        for (const member of this.members) member.tell(news, merged);
      }
    } catch (error) {
      // The next notice or look tries again from the same position.
      this.newest = this.position.seq;
      this.isFailing = true;
      this.log.warn('feed.read_failed', { organizationId: this.organizationId, reason: reasonOf(error) });
    } finally {
      this.reading = false;
    }
  }
}
