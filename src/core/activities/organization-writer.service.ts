import { Inject, Injectable } from '@nestjs/common';
import { type PubSubEngine } from 'graphql-subscriptions';
import { Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { Turnstile } from '../../platform/database/turnstile.service.js';
import { together } from '../../platform/database/together.sql.js';
import { appendEvents, type NewEvent } from '../feed/append-events.sql.js';
import { lockHead, takeSeqs } from '../feed/feed-head.sql.js';
import { FEED_NOTICES, type FeedNotice, PUB_SUB } from '../feed/pub-sub.js';

/** An event without its place, which it gets when it is appended. */
export type UnplacedEvent = Omit<NewEvent, 'organizationId' | 'seq' | 'id'>;

export type Change<T> = (
  tx: Prisma.TransactionClient,
  tell: (event: UnplacedEvent) => void,
  notify: (notice: FeedNotice) => void,
) => Promise<T>;

/** Longer than any wait inside it: `lock_timeout` is the one that speaks. */
const TRANSACTION = { maxWait: 5_000, timeout: 60_000 };

/** Writes of an organization beside recording: all hold its lock, and what they tell the feed commits with them. */
@Injectable()
export class OrganizationWriter {
  private readonly turnstile = new Turnstile();

  constructor(
    private readonly database: DatabaseService,
    @Inject(PUB_SUB) private readonly pubSub: PubSubEngine,
  ) {}

  /**
   * Runs `change` with the organization locked, appends the events it tells, commits, and publishes. `notify`: of what it appended itself. One of an
   * organization at a time waits for its lock here, so that none who wait keep the connections. `change` reads by `tx` alone: it may hold the last one.
   */
  write<T>(organizationId: string, change: Change<T>): Promise<T> {
    return this.turnstile.passOnceFree(organizationId, (isHeld) => this.writeLocked(organizationId, change, isHeld));
  }

  private async writeLocked<T>(organizationId: string, change: Change<T>, isHeld: boolean): Promise<T> {
    let notice: FeedNotice | undefined;
    const result = await this.database.prisma.$transaction(async (tx) => {
      await lockHead(tx, organizationId, isHeld);
      const told: UnplacedEvent[] = [];
      const changed = await change(
        tx,
        (event) => void told.push(event),
        (own) => (notice = own),
      );
      notice = (await append(tx, organizationId, told)) ?? notice;
      return changed;
    }, TRANSACTION);
    if (notice) void this.pubSub.publish(FEED_NOTICES, notice);
    return result;
  }
}

async function append(
  tx: Prisma.TransactionClient,
  organizationId: string,
  told: readonly UnplacedEvent[],
): Promise<FeedNotice | undefined> {
  if (!told.length) return undefined;
  const events = told.map((event, i): NewEvent => ({ ...event, organizationId, seq: i + 1, id: newId() }));
  const [{ base }] = await tx.$queryRaw<[{ base: bigint }]>(
    together(
      { head: takeSeqs([{ organizationId, count: events.length }]), events: appendEvents(events) },
      Prisma.sql`select base from head`,
    ),
  );
  return { organizationId, last: Number(base) + events.length };
}
