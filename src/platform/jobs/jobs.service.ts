import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Logger, runTaskList, type WorkerPool } from 'graphile-worker';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { DatabaseService, openPool } from '../database/database.service.js';
import { reasonOf } from '../errors/reason-of.js';
import { Log } from '../logging/log.service.js';
import { type Task } from './task.js';
import { WorkerWatch } from './worker-watch.service.js';

/** Of jobs that wait for a later time; what is due now is told by a notice. */
const POLL_EVERY_MS = 2_000;
const RETRY_MS = 1_000;
/** At a stop a job may finish within the first; then it is told to give up, and tried again by another or at the next start. */
const FINISH_MS = 3_000;
const STOP_PATIENCE_MS = 8_000;

/** Runs the jobs of every task that a room registered. */
@Injectable()
export class JobsService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown {
  /** What this process is called in rows it works on: while it lives, nobody else finds it gone (`isGone`). */
  readonly processName = `process ${randomUUID()}`;
  private readonly tasks: Task<unknown>[] = [];
  private readonly running = new Set<WorkerPool>();
  private pool: pg.Pool | undefined;
  private watch: WorkerWatch | undefined;
  private stopped = false;
  private ending: Promise<unknown> | undefined;

  constructor(
    private readonly database: DatabaseService,
    private readonly log: Log,
  ) {}

  /** At module start; jobs of a task that nobody registered wait. */
  register<Payload>(task: Task<Payload>): void {
    this.tasks.push(task);
  }

  onApplicationBootstrap(): void {
    // One connection for each task to listen on, and a few that all of them share to take and to finish jobs.
    this.pool = openPool(this.database.connection, this.tasks.length + 2, this.log, 'centralita jobs');
    this.watch = new WorkerWatch(this.database.connection, this.pool, this.log);
    this.watch.claim(this.processName);
    this.watch.start();
    for (const task of this.tasks) void this.work(task, this.pool, this.watch);
  }

  onModuleDestroy(): void {
    this.stopped = true;
    const all = [...this.running].map((workers) => Promise.resolve(workers.gracefulShutdown()).catch(() => undefined));
    const end = Promise.all(all).then(() => this.pool?.end());
    this.ending = Promise.race([end, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ending;
  }

  /** Last: while others wait for what they began, nobody may find this process gone. */
  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  /** Workers end by themselves where the database could not be told of a finished job for long; then others begin. */
  private async work(task: Task<unknown>, pool: pg.Pool, watch: WorkerWatch): Promise<void> {
    while (!this.stopped) {
      const workers = runTaskList(
        {
          concurrency: task.concurrency,
          pollInterval: POLL_EVERY_MS,
          gracefulShutdownAbortTimeout: FINISH_MS,
          // graphile-worker awaits neither `completeJob` nor `failJob`: without a batch, which tries again and reports what it could not
          // do, a connection lost at that moment is an unhandled rejection and ends the process.
          preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
          noHandleSignals: true,
          logger: new Logger(() => () => undefined),
        },
        { [task.name]: (payload, { job, abortSignal }) => task.run(payload, { number: job.attempts, signal: abortSignal }) },
        pool,
      );
      this.running.add(workers);
      watch.claim(workers.id);
      try {
        await workers.promise;
      } catch (error) {
        this.log.warn('jobs.workers_lost', { task: task.name, reason: reasonOf(error) });
      }
      this.running.delete(workers);
      watch.release(workers.id);
      if (!this.stopped) await sleep(RETRY_MS, undefined, { ref: false });
    }
  }
}
