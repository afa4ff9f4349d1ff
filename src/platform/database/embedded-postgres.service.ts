import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { type Log } from '../logging/log.service.js';
import { DataDirLock, type Holder } from './data-dir-lock.service.js';
import { DatabaseStartError } from './database.errors.js';
import { type PostgresPlace, preparePlace } from './postgres-place.service.js';
import { ensureServer, stopServer } from './postgres-server.service.js';
import { connectionTo, isAlive } from './postmaster.service.js';

/** How long a start waits for the lock of a process that is gone, or of one it cannot look at. */
const LOCK_PATIENCE_MS = 5_000;
const MAX_PAUSE_MS = 5_000;

/**
 * The PostgreSQL of one DATA_DIR, and of one process at a time.
 * Always: the server outlives a crash of this process, and the next start adopts it; when the server dies, it is started again;
 * only the process that holds the lock stops it.
 */
export class EmbeddedPostgres {
  /** Those of this process. */
  private static readonly running = new Set<EmbeddedPostgres>();
  private readonly stopping = new AbortController();
  private readonly lock = new DataDirLock(() => {
    if (!this.stopping.signal.aborted) this.recovery = this.recover();
  });
  private seizing: Promise<void> | undefined;
  private recovery: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;
  /** Another process took the lock while the server was down: the server is that process's to stop. */
  private takenOver = false;

  private constructor(
    private readonly dataDir: string,
    private place: PostgresPlace,
    private readonly log: Pick<Log, 'info' | 'warn' | 'error'>,
  ) {}

  /** Throws DatabaseStartError: no PostgreSQL for this machine, a folder that cannot be used, or a DATA_DIR in use. */
  static async start(dataDir: string, log: Pick<Log, 'info' | 'warn' | 'error'>): Promise<EmbeddedPostgres> {
    if (process.platform === 'win32')
      throw new DatabaseStartError('The embedded PostgreSQL does not run on Windows: set DATABASE_URL to a PostgreSQL server.');
    const folder = path.resolve(dataDir);
    const embedded = new EmbeddedPostgres(folder, preparePlace(folder), log);
    EmbeddedPostgres.running.add(embedded);
    try {
      await (embedded.seizing = embedded.seize());
    } catch (error) {
      EmbeddedPostgres.running.delete(embedded);
      throw error;
    }
    return embedded;
  }

  /** Stops those of this process, also amid their start. */
  static async stopAll(): Promise<void> {
    await Promise.all([...EmbeddedPostgres.running].map((embedded) => embedded.stop()));
  }

  /** The same for the life of the process, also after a restart of the server. */
  get connection(): pg.ClientConfig {
    return connectionTo({ port: 5432, socket: this.place.socket });
  }

  get home(): string {
    return this.place.home;
  }

  /** Stops the server, if it is still ours, also in the middle of a start or a recovery, and gives DATA_DIR back. Cuts whoever is connected. */
  stop(): Promise<void> {
    return (this.stopped ??= this.end());
  }

  private async end(): Promise<void> {
    this.stopping.abort();
    const isSeized = await this.seizing!.then(
      () => true,
      () => false,
    );
    await this.recovery;
    if (isSeized && !this.takenOver && !(await stopServer(this.place)))
      this.log.warn('database.still_stopping', { folder: this.place.home });
    await this.lock.release();
    EmbeddedPostgres.running.delete(this);
  }

  private async seize(): Promise<void> {
    const deadline = performance.now() + LOCK_PATIENCE_MS;
    for (;;) {
      const holder = await this.attempt().catch((error: unknown) => {
        this.stopping.signal.throwIfAborted();
        // The server was found while another process was stopping it.
        if (error instanceof DatabaseStartError || performance.now() > deadline) throw error;
        return 'unknown' as const;
      });
      if (holder === undefined) return;
      if (performance.now() > deadline || (holder !== 'unknown' && isAliveHere(holder))) throw inUse(this.dataDir, holder);
      await sleep(100);
    }
  }

  private async attempt(): Promise<Holder | 'unknown' | undefined> {
    const server = await ensureServer(this.place, this.stopping.signal);
    this.place = { ...this.place, socket: server.socket };
    return this.lock.take(connectionTo(server));
  }

  private async recover(): Promise<void> {
    this.log.warn('database.lost', { folder: this.place.home });
    for (let pauseMs = 50; !this.stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      const holder = await this.attempt().catch((error: unknown) => {
        if (!this.stopping.signal.aborted) this.log.error('database.recovery_failed', error, { folder: this.place.home });
        return 'unknown' as const;
      });
      this.takenOver = holder !== undefined && holder !== 'unknown';
      if (holder === undefined) return this.log.info('database.recovered', { folder: this.place.home });
      if (holder !== 'unknown') this.log.warn('database.taken_over', { folder: this.place.home, processId: holder.pid });
      await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}

function isAliveHere(holder: Holder): boolean {
  // PostgreSQL cuts a connection's name at 63 bytes, the host with it.
  return os.hostname().startsWith(holder.host) && isAlive(holder.pid);
}

function inUse(dataDir: string, holder: Holder | 'unknown'): DatabaseStartError {
  const who = holder === 'unknown' ? '' : ` (process ${holder.pid}${os.hostname().startsWith(holder.host) ? '' : ` on ${holder.host}`})`;
  return new DatabaseStartError(`DATA_DIR ${dataDir} is in use by another Centralita${who}. Stop it, or set another DATA_DIR.`);
}
