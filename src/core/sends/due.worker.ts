import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Decision, RecorderService } from '../activities/recorder.service.js';
import { type Departure } from './departure.js';
import { DeparturesService } from './departures.service.js';
import { type DueItem, lookForDue, nextDue, readDue, readTurns } from './due-items.sql.js';
import { OutcomesService } from './outcomes.service.js';
import { Pacing } from './pacing.js';
import { planDepartures } from './plan-departures.js';
import { factsAskedAgainOf, factsAskedOf, type FactsRow, readFacts, senderOf } from './send-facts.sql.js';
import { SendsConfig } from './sends.config.js';
import { Turnstile } from './turnstile.service.js';
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
    private readonly departures: DeparturesService,
    private readonly outcomes: OutcomesService,
    private readonly turnstile: Turnstile,
    private readonly jobs: JobsService,
    private readonly config: SendsConfig,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.departures.onRoom(() => this.wake());
    this.outcomes.onReturned((dueAt) => this.wakeAt(dueAt));
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
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        await this.letLeave();
      } catch (error) {
        this.log.warn('send.due_not_read', { reason: reasonOf(error) });
      }
    }
    this.looking = false;
  }

  private async letLeave(): Promise<void> {
    const room = this.departures.room();
    const limit = room.most(MOST_AT_ONCE);
    if (!limit) return;
    const due = lookForDue(new Date(), limit, room.fullAccounts());
    const found = await this.database.prisma.$queryRaw<Pick<DueItem, 'activityId' | 'organizationId'>[]>(due);
    let left = 0;
    for (const [organizationId, ids] of byOrganization(found)) left += await this.letLeaveOf(organizationId, ids);
    if (left > 0 && found.length === limit) this.again = true;
    const [{ at }] = await this.database.prisma.$queryRaw<[{ at: Date | null }]>(nextDue(this.departures.room().fullAccounts()));
    if (at) this.wakeAt(at);
  }

  /** How many left. One whose organization another holds is left for the next look: the others must not wait for it. */
  private async letLeaveOf(organizationId: string, ids: readonly string[]): Promise<number> {
    try {
      const departures = await this.turnstile.pass(organizationId, () =>
        this.recorder.recordIfFree(organizationId, (tx) => this.decide(tx, ids)),
      );
      this.departures.leave(departures ?? []);
      return departures?.length ?? 0;
    } catch (error) {
      this.log.warn('send.due_not_noted', { organizationId, reason: reasonOf(error) });
      return 0;
    }
  }

  private async decide(tx: Queries, activityIds: readonly string[]): Promise<Decision<readonly Departure[]>> {
    const now = new Date();
    const [due] = await tx.$queryRaw<[{ items: DueItem[] | null }]>(readDue(activityIds, now));
    const items = due.items ?? [];
    const [row] = await tx.$queryRaw<[FactsRow]>(readFacts(items.map(askedOf)));
    const { perSecond } = this.config;
    const pacing = new Pacing(perSecond, perSecond === undefined ? [] : await tx.$queryRaw<Turn[]>(readTurns(items.map(senderOf))));
    const { drafts, departures, postponed, ended } = planDepartures(items, row.facts ?? [], {
      pacing,
      room: this.departures.room(),
      now,
    });
    const noted = departures.map(({ activityId }) => activityId);
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

function byOrganization(found: readonly Pick<DueItem, 'activityId' | 'organizationId'>[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { activityId, organizationId } of found) {
    const mine = ids.get(organizationId);
    if (mine) mine.push(activityId);
    else ids.set(organizationId, [activityId]);
  }
  return ids;
}

/** What waited its turn, or is tried again, was judged at its time: what its writer sent after it must not stop it. */
function askedOf(item: DueItem) {
  return item.paced || item.attempts > 0 ? factsAskedOf(item) : factsAskedAgainOf(item);
}
