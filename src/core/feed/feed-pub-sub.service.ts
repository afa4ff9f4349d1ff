import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PubSubEngine } from 'graphql-subscriptions';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DatabaseService } from '../../platform/database/database.service.js';
import { endClient } from '../../platform/database/end-client.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { EpochService } from './epoch.service.js';
import { FEED_CHANNEL, FEED_NOTICES, type FeedMessage, type FeedNotice, LOOK } from './pub-sub.js';

/** PostgreSQL aborts a NOTIFY of 8,000 bytes or more. */
const LONGEST_PAYLOAD = 7_900;
const RETRY_MS = 500;

type Listener = (message: FeedMessage) => void;

/**
 * Notices of commits, within this process at once and to the others by one NOTIFY a group commit. A notice only shortens a wait:
 * readers also look by themselves, so one that is lost is only late.
 */
@Injectable()
export class FeedPubSub extends PubSubEngine implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly process = randomUUID();
  private readonly listeners = new Map<number, Listener>();
  private nextId = 1;
  private outbox = new Map<string, FeedNotice>();
  private sending = false;
  private client: pg.Client | undefined;
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
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.client) await endClient(this.client);
  }

  /** After the commit, in no transaction: inside one, NOTIFY serialises every commit of the database. */
  publish(_trigger: typeof FEED_NOTICES, notice: FeedNotice): Promise<void> {
    this.tell(notice);
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
    try {
      while (this.outbox.size) {
        const notices = [...this.outbox.values()];
        this.outbox = new Map();
        const payload = JSON.stringify({ process: this.process, notices });
        const text =
          payload.length > LONGEST_PAYLOAD || Buffer.byteLength(payload) > LONGEST_PAYLOAD
            ? JSON.stringify({ process: this.process })
            : payload;
        await this.database.pool.query('select pg_notify($1, $2)', [FEED_CHANNEL, text]);
      }
    } catch (error) {
      this.log.warn('feed.notice_lost', { reason: reasonOf(error) });
    } finally {
      this.sending = false;
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
      await endClient(client);
      if (!this.stopped) await new Promise((done) => setTimeout(done, RETRY_MS).unref());
    }
  }

  private hear(payload: string | undefined): void {
    const { process, notices } = readPayload(payload);
    if (process === this.process) return;
    if (!notices) return this.tell(LOOK);
    for (const notice of notices) this.tell(notice);
  }
}

/** What is no notice of ours is still a reason to look: anybody who reaches the database may send one. */
function readPayload(payload: string | undefined): { process?: string; notices?: FeedNotice[] } {
  try {
    const { process, notices } = JSON.parse(payload ?? '') as { process?: string; notices?: FeedNotice[] };
    const whole = Array.isArray(notices) && notices.every((n) => typeof n?.organizationId === 'string' && Number.isSafeInteger(n.last));
    return { process, ...(whole && { notices }) };
  } catch {
    return {};
  }
}
