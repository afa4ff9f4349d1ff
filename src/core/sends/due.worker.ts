import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { DepartingService } from './departing.service.js';
import { DeparturesService } from './departures.service.js';
import { type FoundItem, lookForDue, nextDue } from './due-items.sql.js';
import { OutcomesService } from './outcomes.service.js';
import { SendLane } from './send-lane.service.js';

/** What nobody told us of, another process's say, is found so soon. */
const LOOK_EVERY_MS = 1_000;
/** What is due and cannot leave yet, its organization held by another say, is looked at so soon again. */
const LOOK_AGAIN_MS = 100;
/** With their contents, in one answer of the database. */
const MOST_AT_ONCE = 20;

/** Looks for what waits and is due: the scheduled, the approved, what is tried again, and what a process that is gone had not begun. */
@Injectable()
export class DueWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private next: NodeJS.Timeout | undefined;
  private wakesAt = Infinity;
  private looking = false;
  private again = false;
  private stopped = false;
  private ending: Promise<void> | undefined;

  constructor(
    private readonly database: DatabaseService,
    private readonly departing: DepartingService,
    private readonly departures: DeparturesService,
    private readonly lane: SendLane,
    private readonly outcomes: OutcomesService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.departures.onRoom(() => this.wake());
    this.outcomes.onReturned((dueAt) => this.wakeAt(dueAt));
    this.lane.onWaiting((dueAt) => this.wakeAt(dueAt));
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS).unref();
    this.wake();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.next);
    this.ending = this.departures.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ending;
  }

  /** Something may be due now. */
  wake(): void {
    this.again = true;
    if (!this.looking) void this.look();
  }

  /** Something will be due then; or is, and did not leave at the last look. */
  wakeAt(dueAt: Date): void {
    const now = Date.now();
    const at = dueAt.getTime() > now ? dueAt.getTime() + 1 : now + LOOK_AGAIN_MS;
    if (at >= Math.min(this.wakesAt, now + LOOK_EVERY_MS) || this.stopped) return;
    clearTimeout(this.next);
    this.wakesAt = at;
    this.next = setTimeout(() => {
      this.wakesAt = Infinity;
      this.wake();
    }, at - now).unref();
  }

  private async look(): Promise<void> {
    this.looking = true;
    const held = new Set<string>();
    let forgetAt = Date.now() + LOOK_EVERY_MS;
    while (this.again && !this.stopped) {
      this.again = false;
      // However much is due of the others.
      if (Date.now() >= forgetAt) {
        held.clear();
        forgetAt = Date.now() + LOOK_EVERY_MS;
      }
      try {
        await this.letLeave(held);
      } catch (error) {
        this.log.warn('send.due_not_read', { reason: reasonOf(error) });
      }
    }
    this.looking = false;
  }

  /** `held`: the organizations that could not be had lately. One with more due than a statement takes would keep the others from being found. */
  private async letLeave(held: Set<string>): Promise<void> {
    const room = this.departures.room();
    const limit = room.most(MOST_AT_ONCE);
    if (!limit) return;
    const due = lookForDue(new Date(), limit, { fullAccounts: room.fullAccounts(), held: [...held], bytesLeft: room.bytesLeft() });
    const found = await this.database.prisma.$queryRaw<FoundItem[]>(due);
    let left = 0;
    const heldBefore = held.size;
    for (const [organizationId, mine] of byOrganization(found)) {
      const departures = await this.departing.letLeave(organizationId, mine);
      if (departures) left += departures.length;
      else held.add(organizationId);
    }
    if (found.length === limit && (left > 0 || held.size > heldBefore)) this.again = true;
    const [{ at }] = await this.database.prisma.$queryRaw<[{ at: Date | null }]>(nextDue(this.departures.room().fullAccounts()));
    if (at) this.wakeAt(at);
  }
}

function byOrganization(found: readonly FoundItem[]): ReadonlyMap<string, readonly FoundItem[]> {
  const items = new Map<string, FoundItem[]>();
  for (const item of found) {
    const mine = items.get(item.organizationId);
    if (mine) mine.push(item);
    else items.set(item.organizationId, [item]);
  }
  return items;
}
