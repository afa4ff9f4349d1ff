import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { oneAtATime } from '../../platform/jobs/one-at-a-time.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { isGone } from '../../platform/jobs/worker-watch.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { EpochService } from '../feed/epoch.service.js';
import { DeparturesService } from './departures.service.js';
import { DOUBT_DUE, lookForLost, lookForOwn, type LostItem, type OwnItem } from './due-items.sql.js';
import { OutcomesService } from './outcomes.service.js';

const SWEEP_EVERY_MS = 2_000;
const MOST_AT_ONCE = 1_000;
/** Of organizations that are held, whose outcomes wait. */
const MOST_UNDER_WAY = 10_000;

/**
 * Looks for attempts that were noted and have no outcome: of a process that is gone they end UNKNOWN; of this one, where they never began, they
 * wait again.
 */
@Injectable()
export class LostWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** Activities whose outcome is being written. */
  private readonly ending = new Set<string>();

  constructor(
    private readonly database: DatabaseService,
    private readonly departures: DeparturesService,
    private readonly outcomes: OutcomesService,
    private readonly jobs: JobsService,
    private readonly log: Log,
    epoch: EpochService,
  ) {
    epoch.whenRestored(DOUBT_DUE);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  private readonly sweep = oneAtATime(async () => {
    if (this.ending.size >= MOST_UNDER_WAY) return;
    const { prisma } = this.database;
    try {
      const lost = await prisma.$queryRaw<LostItem[]>(lookForLost(this.jobs.processName, isGone, [...this.ending], MOST_AT_ONCE));
      const own = await prisma.$queryRaw<OwnItem[]>(lookForOwn(this.jobs.processName));
      this.end(
        lost.filter(({ activityId }) => !this.departures.isUnderWay(activityId)),
        own.filter(({ activityId }) => !this.ending.has(activityId)),
      );
    } catch (error) {
      if (!this.stopped) this.log.warn('send.sweep_failed', { reason: reasonOf(error) });
    }
  });

  /** What waits for an organization that is held stops nothing else. */
  private end(lost: readonly LostItem[], own: readonly OwnItem[]): void {
    const unknown = [...lost, ...own.filter(({ activityId }) => this.outcomes.unstorable.has(activityId))];
    if (unknown.length) this.log.warn('send.attempts_lost', { activityIds: unknown.map(({ activityId }) => activityId) });
    for (const item of unknown) this.seeTo(item, this.outcomes.lose(item));
    // Noted, and never begun: the answer to the note's commit was lost.
    for (const item of own)
      if (!this.departures.isUnderWay(item.activityId) && !this.ending.has(item.activityId))
        this.seeTo(item, this.outcomes.return(item, new Date()));
  }

  private seeTo({ activityId }: LostItem, written: Promise<void>): void {
    this.ending.add(activityId);
    void written.then(() => this.ending.delete(activityId));
  }
}
