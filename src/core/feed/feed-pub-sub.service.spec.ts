import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type DatabaseService } from '../../platform/database/database.service.js';
import { EmbeddedPostgres } from '../../platform/database/embedded-postgres.service.js';
import { type Log } from '../../platform/logging/log.service.js';
import { type EpochService } from './epoch.service.js';
import { FeedPubSub } from './feed-pub-sub.service.js';
import { FEED_CHANNEL, FEED_NOTICES, type FeedMessage, LOOK } from './pub-sub.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Nothing listens there. */
const NOWHERE = { host: '127.0.0.1', port: 1 };

describe('A process that listens to notices', () => {
  let folder: string;
  let embedded: EmbeddedPostgres;
  let pool: pg.Pool;
  let ear: pg.Client;
  let said: string[];
  let warned: string[];
  let heard: FeedMessage[];
  let database: { connection: pg.ClientConfig; pool: pg.Pool; doubt: () => void };
  let process: FeedPubSub;
  let refresh: () => Promise<void>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'centralita-'));
    embedded = await EmbeddedPostgres.start(folder, quiet);
    pool = new pg.Pool({ ...embedded.connection, max: 2 });
    ear = new pg.Client({ ...embedded.connection });
    await ear.connect();
    await ear.query(`listen ${FEED_CHANNEL}`);
    ear.on('notification', ({ payload }) => said.push(payload!));
  });
  afterAll(async () => {
    await ear.end();
    await pool.end();
    await embedded.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    [said, heard, warned] = [[], [], []];
    database = { connection: { ...embedded.connection }, pool, doubt: () => undefined };
    refresh = () => Promise.resolve();
    const epoch = { refresh: () => refresh() } as unknown as EpochService;
    process = new FeedPubSub(database as unknown as DatabaseService, epoch, {
      ...quiet,
      warn: (event: string) => void warned.push(event),
    } as unknown as Log);
    await process.subscribe(FEED_NOTICES, (message) => void heard.push(message));
    process.onApplicationBootstrap();
    await eventually(() => said.some((payload) => payload.includes('hello')) && heard.includes(LOOK));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await process.onApplicationShutdown();
  });

  async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let i = 0; !(await condition()); i++) {
      if (i > 500) throw new Error('it did not come true within 5 s');
      await sleep(10);
    }
  }
  const now = performance.now.bind(performance);
  /** So long after now, a few seconds at most: it would be deaf for not hearing itself. */
  const later = (ms: number) => void jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  const cutListeners = () =>
    ear.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'centralita listener'");
  /** Of the notices of the commits of this name, how many were said. */
  const commit = async (organizationId: string) => {
    await process.publish(FEED_NOTICES, { organizationId, last: 1 });
    await sleep(60);
    return said.filter((payload) => payload.includes(organizationId)).length;
  };

  it('keeps its commits to itself once nobody has answered, and tells them to one that it heard', async () => {
    expect(await commit('at first')).toBe(1);
    later(3_000);
    expect(await commit('alone')).toBe(0);
    await ear.query(`notify ${FEED_CHANNEL}, '{"process":"other","hello":true}'`);
    await eventually(() => said.filter((payload) => payload.includes('hello')).length > 2);
    expect(await commit('with another')).toBe(1);
  });

  it.each<[what: string, failing: boolean]>([
    ['is lost', false],
    ['is made again, and cannot be used', true],
  ])('tells its commits whenever the connection that listens %s', async (_, failing) => {
    later(3_000);
    expect(await commit('alone')).toBe(0);
    if (failing) {
      // Once, and then there is no connection to be had.
      refresh = () => {
        database.connection = NOWHERE;
        return Promise.reject(new Error('no connection is free'));
      };
    } else database.connection = NOWHERE;
    await cutListeners();
    const failures = () => warned.filter((event) => event === 'feed.listener_failed').length;
    await eventually(() => (failing ? failures() > 1 : warned.includes('feed.listener_lost')));
    later(6_000);
    expect(await commit('deaf')).toBe(1);
  });

  it('makes a connection anew that brings not even what it says itself', async () => {
    const listeners = async () =>
      (await pool.query<{ pid: number }>("select pid from pg_stat_activity where application_name = 'centralita listener'")).rows;
    const [before] = await listeners();
    later(40_000);
    (process as unknown as { greet: () => void }).greet();
    await eventually(async () => {
      const [now, ...others] = await listeners();
      return now !== undefined && now.pid !== before!.pid && !others.length;
    });
    expect(warned).toEqual(['feed.listener_lost']);
  });

  it('takes what it does not understand, and what is too long to be said, for a reason to look', async () => {
    for (const payload of ['accounts', '{"process":"other"}', '{"notices":[]}', '{']) {
      heard = [];
      await ear.query('select pg_notify($1, $2)', [FEED_CHANNEL, payload]);
      await eventually(() => heard.length > 0);
      // It may look for a reason of its own too: a connection that was lost in the test before.
      expect(new Set(heard)).toEqual(new Set([LOOK]));
    }
  });
});
