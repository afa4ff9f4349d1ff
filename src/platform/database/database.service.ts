import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.js';
import { type Log } from '../logging/log.service.js';
import { connectionOf, describeUrl, parseDatabaseUrl } from './connection-url.js';
import { inspectDatabase } from './database-facts.service.js';
import { type DatabaseConfig, refuseDatabaseUrl } from './database.config.js';
import { DatabaseStartError } from './database.errors.js';
import { directQueries, type Queries } from './direct-queries.service.js';
import { EmbeddedPostgres } from './embedded-postgres.service.js';
import { applyMigrations } from './migrations.service.js';
import { packageRoot } from './package-root.service.js';
import { SHARED_SESSIONS, sharesSessions } from './pooling.service.js';
import { answers, awaitServer } from './reachability.service.js';
import { withSettings } from './session.service.js';
import { statementNames } from './statement-names.js';

const EMBEDDED_POOL_SIZE = 20;
/** Several processes share a server of 100 connections, which is what most allow. */
const OWN_SERVER_POOL_SIZE = 8;
/** One statement at a time of deliveries, and one of sends. */
const RECORDER_POOL_SIZE = 3;
/** New rows of feeds, which are read in a moment. */
const LIVE_POOL_SIZE = 2;
/**
 * Its statements are long and always the same: to plan one anew for its values costs more than to run it (1.8 ms against 1.0). A plan made while a
 * table was small would go on reading the whole of it, so all go by an index; what that is said to cost where there is none must not call the compiler.
 */
const PREPARED_SETTINGS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' };
/**
 * What is asked for by others depends on its values: planned without them, a search of an organization of 20 activities read what another has of the word,
 * of a million (3 s).
 */
const READER_SETTINGS = { plan_cache_mode: 'force_custom_plan' };
const CLOSE_PATIENCE_MS = 3_000;
/** A connection whose other end is gone without a word would else hold what waits for it for many minutes; a server that is there gives up before (session.service.ts). */
const QUERY_PATIENCE_MS = 15_000;

type DatabaseLog = Pick<Log, 'info' | 'warn' | 'error'>;

/** Where the rows are: the embedded PostgreSQL or one's own. Migrated before anyone gets it. */
@Injectable()
export class DatabaseService implements OnApplicationShutdown {
  readonly prisma: PrismaClient;
  /** A few connections of their own, without Prisma between: for what every delivery and every send waits for, and nothing else. */
  readonly direct: Queries;
  /** The same for what everybody who listens waits for: the new rows of feeds. */
  readonly live: Queries;
  private probe: Promise<boolean> | undefined;
  private readonly doubters: (() => void)[] = [];

  private constructor(
    /** For what needs a connection of its own, such as LISTEN: without the pool's time limits. */
    readonly connection: pg.ClientConfig,
    /** For the line a person reads at the start; no password in it. */
    readonly where: string,
    readonly pool: pg.Pool,
    private readonly recorderPool: pg.Pool,
    private readonly livePool: pg.Pool,
    schema: string,
    private readonly embedded?: EmbeddedPostgres,
  ) {
    // Without a schema Prisma takes `public` for it, whatever the session's search_path says.
    this.prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema, statementNameGenerator: statementNames() }) });
    this.direct = directQueries(recorderPool);
    this.live = directQueries(livePool);
    for (const each of this.pools) each.on('error', () => this.doubt());
  }

  /** Starts or finds the server, and migrates it. Throws DatabaseStartError, and leaves nothing running. */
  static open(config: Pick<DatabaseConfig, 'DATABASE_URL' | 'DATA_DIR'>, log: DatabaseLog): Promise<DatabaseService> {
    return config.DATABASE_URL === undefined
      ? DatabaseService.openEmbedded(config.DATA_DIR, log)
      : DatabaseService.openUrl(config.DATABASE_URL, log);
  }

  private static async openUrl(databaseUrl: string, log: DatabaseLog): Promise<DatabaseService> {
    const url = parseDatabaseUrl(databaseUrl);
    if (!url) throw new DatabaseStartError(refuseDatabaseUrl(databaseUrl));
    const [connection, where] = [connectionOf(url), describeUrl(url)];
    await awaitServer(connection, where, () => log.warn('database.awaited', { where }));
    if (await sharesSessions(connection)) throw new DatabaseStartError(`DATABASE_URL: of ${where} ${SHARED_SESSIONS}.`);
    return DatabaseService.over(connection, where, OWN_SERVER_POOL_SIZE, log);
  }

  private static async openEmbedded(dataDir: string, log: DatabaseLog): Promise<DatabaseService> {
    const embedded = await EmbeddedPostgres.start(dataDir, log);
    try {
      return await DatabaseService.over(embedded.connection, `embedded PostgreSQL in ${embedded.home}`, EMBEDDED_POOL_SIZE, log, embedded);
    } catch (error) {
      await embedded.stop();
      throw error;
    }
  }

  /** A database that answers, once it is one for us and has our schema. */
  private static async over(
    connection: pg.ClientConfig,
    where: string,
    poolSize: number,
    log: DatabaseLog,
    embedded?: EmbeddedPostgres,
  ): Promise<DatabaseService> {
    const { schema } = await inspectDatabase(connection, where);
    await migrate(connection, log);
    const pool = openPool(connection, poolSize, log, 'centralita', READER_SETTINGS);
    const livePool = openPool(connection, LIVE_POOL_SIZE, log, 'centralita feeds', PREPARED_SETTINGS);
    return new DatabaseService(connection, where, pool, openRecorderPool(connection, log), livePool, schema, embedded);
  }

  private get pools(): readonly pg.Pool[] {
    return [this.pool, this.recorderPool, this.livePool];
  }

  /** Whether the database answers now; known within 2 s. Callers at the same moment share one look. */
  isReachable(): Promise<boolean> {
    return (this.probe ??= answers(this.connection).finally(() => (this.probe = undefined)));
  }

  /** Hears when the database may be another one than before, such as a restored backup: nothing that is remembered of it need hold. */
  onDoubt(listener: () => void): void {
    this.doubters.push(listener);
  }

  doubt(): void {
    for (const listener of this.doubters) listener();
  }

  async onApplicationShutdown(): Promise<void> {
    // What the stop itself ends is no news.
    for (const pool of this.pools) pool.removeAllListeners('error').on('error', () => undefined);
    const closed = this.prisma.$disconnect().then(() => Promise.all(this.pools.map((pool) => pool.end())));
    // A connection that somebody never gave back, or whose farewell nobody answers, must not keep the process.
    await Promise.race([closed, sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
    await this.embedded?.stop();
  }
}

async function migrate(connection: pg.ClientConfig, log: DatabaseLog): Promise<void> {
  const startedMs = performance.now();
  const applied = await applyMigrations(connection, path.join(packageRoot(), 'prisma/migrations'), (holder) =>
    log.warn('database.migration_awaited', { ...holder }),
  );
  if (applied.length) log.info('database.migrated', { applied, durationMs: Math.round(performance.now() - startedMs) });
}

export function openRecorderPool(connection: pg.ClientConfig, log: Pick<Log, 'warn'>): pg.Pool {
  return openPool(connection, RECORDER_POOL_SIZE, log, 'centralita recorder', PREPARED_SETTINGS);
}

/** A pool whose sessions have our settings. Without its listeners a restart of PostgreSQL would end the process. */
export function openPool(connection: pg.ClientConfig, max: number, log: Pick<Log, 'warn'>, name = 'centralita', settings = {}): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    ...withSettings(settings),
    max,
    connectionTimeoutMillis: 5_000,
    query_timeout: QUERY_PATIENCE_MS,
    application_name: name,
  });
  const report = (error: Error) => log.warn('database.connection_lost', { reason: error.message });
  pool.on('error', report);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}
