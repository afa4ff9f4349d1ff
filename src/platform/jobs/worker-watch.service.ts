import pg from 'pg';
import { Prisma } from '../../generated/prisma/client.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import { endClient } from '../database/end-client.service.js';
import { requireWritable, setSession } from '../database/session.service.js';
import { reasonOf } from '../errors/reason-of.js';
import { type Log } from '../logging/log.service.js';

const LOOK_EVERY_MS = 2_000;
const RETRY_MS = 500;
/** How soon the server notices that the other end of a connection is gone without a word: a machine that lost its power. */
const KEEPALIVE = { tcp_keepalives_idle: '10', tcp_keepalives_interval: '5', tcp_keepalives_count: '3' };

const CLAIM = 'select pg_advisory_lock($1, hashtext(name)) from unnest($2::text[]) as name';
const RELEASE = 'select pg_advisory_unlock($1, hashtext($2))';
/** Whether the worker or process of that name is gone, an expression: its lock is free. Never on the connection that holds ours. */
export const isGone = (name: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`pg_try_advisory_xact_lock(${ADVISORY_LOCKS.JOB_WORKERS}::int, hashtext(${name}))`;

/** The workers whose process is gone, and with it their lock; their jobs are let go. Never run on the connection that holds ours. */
const LET_GO = `
  with gone as materialized (
    select locked_by from (select distinct locked_by from graphile_worker.jobs where locked_by is not null) as working
    where pg_try_advisory_xact_lock($1, hashtext(locked_by))
  )
  select array_agg(locked_by) as workers, graphile_worker.force_unlock_workers(array_agg(locked_by)) from gone having count(*) > 0`;

/**
 * Takes over what a killed process had begun: the queue alone would wait four hours. Each process holds a lock for each of its workers on
 * one connection, which ends with it; all look now and then whose jobs are locked by nobody that lives. A process whose connection
 * dropped while it lives may see a job of its own run twice.
 */
export class WorkerWatch {
  private readonly workers = new Set<string>();
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private isProving = false;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly pool: pg.Pool,
    private readonly log: Pick<Log, 'info' | 'warn'>,
  ) {}

  start(): void {
    void this.hold();
    void this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    if (this.client) await endClient(this.client);
  }

  /** A worker of this process lives from here on. */
  claim(worker: string): void {
    this.workers.add(worker);
    this.client?.query(CLAIM, [ADVISORY_LOCKS.JOB_WORKERS, [worker]]).catch(() => undefined);
  }

  /** It works no more: a job it could not finish is another's. */
  release(worker: string): void {
    this.workers.delete(worker);
    this.client?.query(RELEASE, [ADVISORY_LOCKS.JOB_WORKERS, worker]).catch(() => undefined);
  }

  private async hold(): Promise<void> {
    while (!this.stopped) {
      const client = new pg.Client({ ...this.connection, application_name: 'centralita workers' });
      const lost = new Promise<void>((done) => client.on('error', () => done()).on('end', () => done()));
      try {
        await client.connect();
        await setSession(client, KEEPALIVE);
        // Whoever claims or releases from here on is behind this claim on the connection.
        this.client = client;
        await client.query(CLAIM, [ADVISORY_LOCKS.JOB_WORKERS, [...this.workers]]);
        await lost;
      } catch (error) {
        if (!this.stopped) this.log.warn('jobs.watch_failed', { reason: reasonOf(error) });
      }
      this.client = undefined;
      await endClient(client);
      if (!this.stopped) await sleep(RETRY_MS, undefined, { ref: false });
    }
  }

  /** Locks count where the others look: at a server that has become read-only, nobody does. */
  private async prove(): Promise<void> {
    const { client } = this;
    if (!client || this.isProving) return;
    this.isProving = true;
    await requireWritable(client).catch(() => endClient(client));
    this.isProving = false;
  }

  private async look(): Promise<void> {
    // At a stop the jobs end first, while this process goes on holding what it works at.
    if (this.pool.ending) return;
    void this.prove();
    try {
      const { rows } = await this.pool.query<{ workers: string[] }>(LET_GO, [ADVISORY_LOCKS.JOB_WORKERS]);
      if (rows[0]) this.log.info('jobs.taken_over', { workers: rows[0].workers });
    } catch (error) {
      if (!this.stopped) this.log.warn('jobs.watch_failed', { reason: reasonOf(error) });
    }
  }
}
