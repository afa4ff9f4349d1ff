import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { ListFailed } from '../adapters/provider-list.js';
import { ComparingService } from './comparing.service.js';
import { planWindows } from './list-windows.js';
import { type AccountList, ListedAccounts } from './listed-accounts.service.js';
import { PositionsService } from './positions.service.js';
import { type ClaimedPosition } from './positions.sql.js';
import { ReconciliationConfig } from './reconciliation.config.js';

/** What is due is found so soon, another process's accounts and new ones too. */
const LOOK_EVERY_MS = 30_000;
/** So many accounts are compared at once. */
const WIDTH = 4;
const STOP_PATIENCE_MS = 3_000;

/** At the start and every few minutes: every list that is due, each by one process at a time. */
@Injectable()
export class ReconciliationWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();
  private ending: Promise<void> | undefined;
  private startedAt: Date | undefined;

  constructor(
    private readonly accounts: ListedAccounts,
    private readonly positions: PositionsService,
    private readonly comparing: ComparingService,
    private readonly config: ReconciliationConfig,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  onModuleDestroy(): void {
    this.stopping.abort(new Error('the process stops'));
    this.ending = Promise.race([this.working, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ending;
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.round();
      } catch (error) {
        if (!signal.aborted) this.log.warn('reconciliation.not_begun', { reason: reasonOf(error) });
      }
      await sleep(Math.min(LOOK_EVERY_MS, this.config.everyMs), undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  private async round(): Promise<void> {
    const lists = await this.accounts.all();
    const isFirst = this.startedAt === undefined;
    const startedAt = this.startedAt ?? (await this.positions.now());
    const due = [...(await this.positions.due(lists, isFirst))];
    this.startedAt = startedAt;
    const lane = async (): Promise<void> => {
      for (let list = due.shift(); list && !this.stopping.signal.aborted; list = due.shift())
        await this.compareIfFree(list, lists, startedAt);
    };
    // The next round begins when all lanes have ended, whatever one of them failed by: what they compare is ours already.
    const ended = await Promise.allSettled(Array.from({ length: WIDTH }, lane));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  private async compareIfFree(list: AccountList, lists: readonly AccountList[], startedAt: Date): Promise<void> {
    const claimed = await this.positions.claim(list);
    if (!claimed) return;
    const { everyMs } = this.config;
    try {
      const lookedBackAt = await this.compare(list, claimed, startedAt);
      await this.positions.release(list, everyMs, lookedBackAt);
      await this.positions.tellSenders(list, lists);
    } catch (error) {
      const pauseMs = Math.max(everyMs, (error instanceof ListFailed && error.retryAfterMs) || 0);
      if (!this.stopping.signal.aborted)
        this.log.warn('reconciliation.failed', { ...nameOf(list), reason: reasonOf(error), retryInMs: Math.round(pauseMs) });
      // While the database is away nobody can be told: it stays ours, and due.
      await this.positions.release(list, this.stopping.signal.aborted ? 0 : pauseMs, null).catch(() => undefined);
    }
  }

  /** When it began, if it looked far back. */
  private async compare(list: AccountList, claimed: ClaimedPosition, startedAt: Date): Promise<Date | null> {
    const startedMs = performance.now();
    const plan = planWindows(claimed, { ...claimed, startedAt });
    const { listed, recovered, resolved } = await this.comparing.compare(list, plan, this.stopping.signal);
    const durationMs = Math.round(performance.now() - startedMs);
    this.log.info('reconciliation.compared', { ...nameOf(list), listed, recovered, resolved, looksBack: plan.looksBack, durationMs });
    return plan.looksBack ? claimed.now : null;
  }
}

function nameOf({ provider, channel, providerAccountId }: AccountList) {
  return { provider, channel, providerAccountId };
}
