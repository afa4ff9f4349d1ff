import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { Turnstile } from '../../platform/database/turnstile.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Decision, RecorderService } from '../activities/recorder.service.js';
import { EpochService } from '../feed/epoch.service.js';
import { type Departure } from './departure.js';
import { DeparturesService } from './departures.service.js';
import { type DueItem, type FoundItem, lookForDue, nextDue, readDue, readTurns } from './due-items.sql.js';
import { OutcomesService } from './outcomes.service.js';
import { Pacing, senderOf } from './pacing.js';
import { planDepartures } from './plan-departures.js';
import { factsAskedAgainOf, factsAskedOf, type FactsRow, readFacts } from './send-facts.sql.js';
import { SendLane } from './send-lane.service.js';
import { SendingAddressesService } from './sending-addresses.service.js';
import { SendsConfig } from './sends.config.js';
import { endItems, noteAttempts, postponeItems, type Turn, writeTurns } from './write-sends.sql.js';

/** What nobody told us of, another process's say, is found so soon. */
const LOOK_EVERY_MS = 1_000;
/** What is due and cannot leave yet, its organization held by another say, is looked at so soon again. */
const LOOK_AGAIN_MS = 100;
/** With their contents, in one answer of the database. */
const MOST_AT_ONCE = 20;

/**
 * Lets leave what waits and is due: the scheduled, the approved, what is tried again, and what a process that is gone had not begun. Each
 * attempt is noted under the organization's lock before it begins; one that was noted and has no outcome is never begun again.
 */
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
    private readonly recorder: RecorderService,
    private readonly lane: SendLane,
    private readonly departures: DeparturesService,
    private readonly outcomes: OutcomesService,
    private readonly addresses: SendingAddressesService,
    private readonly turnstile: Turnstile,
    private readonly jobs: JobsService,
    private readonly config: SendsConfig,
    private readonly epoch: EpochService,
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
    const due = lookForDue(new Date(), limit, room.fullAccounts(), [...held]);
    const found = await this.database.prisma.$queryRaw<FoundItem[]>(due);
    let left = 0;
    const heldBefore = held.size;
    for (const [organizationId, mine] of byOrganization(found)) {
      const departures = await this.letLeaveOf(organizationId, mine);
      if (departures) left += departures.length;
      else held.add(organizationId);
    }
    if (found.length === limit && (left > 0 || held.size > heldBefore)) this.again = true;
    const [{ at }] = await this.database.prisma.$queryRaw<[{ at: Date | null }]>(nextDue(this.departures.room().fullAccounts()));
    if (at) this.wakeAt(at);
  }

  /** What left. Undefined where another holds the organization, which is left for the next look: the others must not wait for it. */
  private async letLeaveOf(organizationId: string, found: readonly FoundItem[]): Promise<readonly Departure[] | undefined> {
    try {
      const accounts = await this.accountsOf(organizationId, found);
      const departures = await this.turnstile.pass(organizationId, () =>
        this.recorder.recordIfFree(organizationId, (tx) => this.decide(tx, accounts)),
      );
      this.departures.leave(departures ?? []);
      return departures;
    } catch (error) {
      this.log.warn('send.due_not_noted', { organizationId, reason: reasonOf(error) });
      return undefined;
    }
  }

  /** By activity, what each would be sent by now; undefined where nothing can send it. Read before the lock: it takes a connection of its own. */
  private async accountsOf(organizationId: string, found: readonly FoundItem[]): Promise<ReadonlyMap<string, string | undefined>> {
    const accounts = new Map<string, string | undefined>();
    for (const { activityId, channel, provider } of found) {
      const account = await this.addresses.accountOf(organizationId, channel, provider);
      accounts.set(activityId, 'accountId' in account ? account.accountId : undefined);
    }
    return accounts;
  }

  private async decide(tx: Queries, accounts: ReadonlyMap<string, string | undefined>): Promise<Decision<readonly Departure[]>> {
    // A restored backup has as due what left since it was made, until a new epoch doubts it.
    if (!(await this.epoch.holds(tx))) throw new Error('the database may be a restored one');
    const now = new Date();
    const [due] = await tx.$queryRaw<[{ items: DueItem[] | null }]>(readDue([...accounts.keys()], now));
    const items = due.items ?? [];
    const [row] = await tx.$queryRaw<[FactsRow]>(readFacts(items.map(askedOf)));
    const { perSecond } = this.config;
    const pacing = new Pacing(perSecond, perSecond === undefined ? [] : await tx.$queryRaw<Turn[]>(readTurns(items.map(senderOf))));
    const leaveBy = items.map(({ activityId }) => accounts.get(activityId));
    const { drafts, departures, postponed, ended } = planDepartures(items, row.facts ?? [], leaveBy, {
      pacing,
      room: this.departures.room(),
      now,
    });
    const noted = departures.map(({ activityId, accountId }) => ({ activityId, accountId }));
    return {
      drafts,
      alongside: () => ({
        ...(noted.length && { noted: noteAttempts(noted, this.jobs.processName, now) }),
        ...(postponed.length && { postponed: postponeItems(postponed) }),
        ...(ended.length && { ended: endItems(ended) }),
        ...(pacing.written.size && { turns: writeTurns([...pacing.written.values()]) }),
      }),
      result: departures,
    };
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

/** What waited its turn, or is tried again, was judged at its time: what its writer sent after it must not stop it. */
function askedOf(item: DueItem) {
  return item.paced || item.attempts > 0 ? factsAskedOf(item) : factsAskedAgainOf(item);
}
