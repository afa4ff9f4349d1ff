import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PubSubEngine } from 'graphql-subscriptions';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DatabaseService } from '../../platform/database/database.service.js';
import { endClient } from '../../platform/database/end-client.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { EpochService } from './epoch.service.js';
import { HELLO_EVERY_MS, Peers } from './peers.js';
import { FEED_CHANNEL, FEED_NOTICES, type FeedMessage, type FeedNotice, LOOK } from './pub-sub.js';

/** PostgreSQL aborts a NOTIFY of 8,000 bytes or more. */
const LONGEST_PAYLOAD = 7_900;
const RETRY_MS = 500;

type Listener = (message: FeedMessage) => void;

/** What a process says to the others: commits, that it is there, or, with neither, that there is something to look for. */
interface Said {
  readonly notices?: readonly FeedNotice[];
  readonly hello?: true;
}

/** After the commit, in no transaction: inside one, NOTIFY serialises every commit of the database. Nobody waits for it, nor needs it after a crash. */
const NOTIFY = { name: 'feed_notify', text: "select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)" };

/**
 * Notices of commits, within this process at once and to the others, where there are any, by one NOTIFY a group commit. A notice only shortens a
 * wait: readers also look by themselves, so one that is lost is only late.
 */
@Injectable()
export class FeedPubSub extends PubSubEngine implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly process = randomUUID();
  private readonly listeners = new Map<number, Listener>();
  private nextId = 1;
  private outbox = new Map<string, FeedNotice>();
  private sending = false;
  private client: pg.Client | undefined;
  private readonly peers = new Peers();
  private greeting: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly database: DatabaseService,
    private readonly epoch: EpochService,
    private readonly log: Log,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    void this.listen();
    this.greeting = setInterval(() => this.greet(), HELLO_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.greeting);
    if (this.client) await endClient(this.client);
  }

  publish(_trigger: typeof FEED_NOTICES, notice: FeedNotice): Promise<void> {
    this.tell(notice);
    if (!this.peers.mayBeThere(performance.now())) return Promise.resolve();
    this.outbox.set(notice.organizationId, notice);
    if (!this.sending) {
      this.sending = true;
      // What the commit lets go on here goes first.
      setImmediate(() => void this.send());
    }
    return Promise.resolve();
  }

  subscribe(_trigger: typeof FEED_NOTICES, listener: Listener): Promise<number> {
    this.listeners.set(this.nextId, listener);
    return Promise.resolve(this.nextId++);
  }

  unsubscribe(id: number): void {
    this.listeners.delete(id);
  }

  private tell(message: FeedMessage): void {
    for (const listener of this.listeners.values()) listener(message);
  }

  /** One NOTIFY under way at a time; what comes meanwhile goes with the next. */
  private async send(): Promise<void> {
    while (this.outbox.size) {
      const notices = [...this.outbox.values()];
      this.outbox = new Map();
      await this.notify({ notices });
    }
    this.sending = false;
  }

  /** Says that this process is there, to itself too. */
  private greet(): void {
    void this.notify({ hello: true });
    // A connection whose other end went without a word says nothing of it for hours.
    if (this.client && this.peers.isDeaf(performance.now())) void endClient(this.client);
  }

  /** What is too long says only that there is something to look for. */
  private async notify(said: Said): Promise<void> {
    const payload = JSON.stringify({ process: this.process, ...said });
    const isTooLong = payload.length > LONGEST_PAYLOAD || Buffer.byteLength(payload) > LONGEST_PAYLOAD;
    const text = isTooLong ? JSON.stringify({ process: this.process }) : payload;
    try {
      await this.database.pool.query({ ...NOTIFY, values: [FEED_CHANNEL, text] });
    } catch (error) {
      if (said.notices) this.log.warn('feed.notice_lost', { reason: reasonOf(error) });
    }
  }

  /** Listens on a connection of its own, again and again until the end. */
  private async listen(): Promise<void> {
    for (let again = false; !this.stopped; again = true) {
      const client = new pg.Client({ ...this.database.connection, application_name: 'centralita listener' });
      const lost = new Promise<void>((done) => client.on('error', () => done()).on('end', () => done()));
      try {
        await client.connect();
        this.client = client;
        client.on('notification', ({ payload }) => this.hear(payload));
        await client.query(`listen ${FEED_CHANNEL}`);
        this.peers.listening(performance.now());
        void this.notify({ hello: true });
        if (again) {
          await this.epoch.refresh();
          this.database.doubt();
        }
        this.tell(LOOK);
        await lost;
        this.database.doubt();
        if (!this.stopped) this.log.warn('feed.listener_lost');
      } catch (error) {
        if (!this.stopped) this.log.warn('feed.listener_failed', { reason: reasonOf(error) });
      }
      this.peers.lost();
      await endClient(client);
      if (!this.stopped) await new Promise((done) => setTimeout(done, RETRY_MS).unref());
    }
  }

  private hear(payload: string | undefined): void {
    const { process, notices, hello } = readPayload(payload);
    if (process === this.process) return this.peers.hearOwn(performance.now());
    if (process !== undefined && this.peers.hear(process, performance.now())) void this.notify({ hello: true });
    if (hello) return;
    if (!notices) return this.tell(LOOK);
    for (const notice of notices) this.tell(notice);
  }
}

/** What is no notice of ours is still a reason to look: anybody who reaches the database may send one. */
function readPayload(payload: string | undefined): Said & { readonly process?: string } {
  try {
    const { process, notices, hello } = JSON.parse(payload ?? '') as Partial<Record<'process' | 'hello', unknown>> & {
      notices?: FeedNotice[];
    };
    if (typeof process !== 'string') return {};
    const whole = Array.isArray(notices) && notices.every((n) => typeof n?.organizationId === 'string' && Number.isSafeInteger(n.last));
    return { process, ...(whole && { notices }), ...(hello === true && { hello }) };
  } catch {
    return {};
  }
}
