import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { openPool, openRecorderPool } from './database.service.js';
import { EmbeddedPostgres } from './embedded-postgres.service.js';
import { answers } from './reachability.service.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ASKED = `select current_setting('timezone') as timezone, current_setting('datestyle') as datestyle,
  current_setting('lock_timeout') as lock_timeout, current_setting('plan_cache_mode') as plan_cache_mode`;

describe('a pool', () => {
  let folder: string;
  let embedded: EmbeddedPostgres;
  const pools: pg.Pool[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'centralita-'));
    embedded = await EmbeddedPostgres.start(folder, quiet);
    await open().query(`alter database postgres set timezone = 'America/Bogota'; alter database postgres set datestyle = 'SQL, DMY'`);
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await embedded.stop();
    rmSync(folder, { recursive: true });
  });

  const open = (settings = {}) => {
    const pool = openPool(embedded.connection, 4, quiet, 'centralita', settings);
    pools.push(pool);
    return pool;
  };

  it('gives each connection our settings and those asked for before its first statement', async () => {
    const pool = open({ plan_cache_mode: 'force_generic_plan' });
    const answers = await Promise.all(Array.from({ length: 4 }, () => pool.query(ASKED)));
    expect(answers.flatMap(({ rows }) => rows as object[])).toEqual(
      Array(4).fill({ timezone: 'UTC', datestyle: 'ISO, DMY', lock_timeout: '2s', plan_cache_mode: 'force_generic_plan' }),
    );
  });

  it('has the recorder go by an index, also where its statement was planned while the table was small', async () => {
    const pool = openRecorderPool(embedded.connection, quiet);
    pools.push(pool);
    await pool.query(
      `create table item (id uuid primary key, state text); insert into item values (gen_random_uuid(), 'WAITING'); analyze item`,
    );
    const client = await pool.connect();
    await client.query(`prepare end_items (uuid[]) as update item set state = 'ENDED' where id = any($1)`);
    const { rows } = await client.query('explain (costs off) execute end_items (array[]::uuid[])');
    client.release();
    expect(JSON.stringify(rows)).toContain('item_pkey');
  });

  it('gives up a connection that may not write, and has one again once it may', async () => {
    await open().query(`create role reader login password 'reader'; alter role reader set default_transaction_read_only = on`);
    const connection = { ...embedded.connection, user: 'reader', password: 'reader' };
    const pool = openPool(connection, 1, quiet);
    pools.push(pool);
    await expect(pool.query('select 1')).rejects.toThrow('read-only');
    expect(await answers(connection)).toBe(false);
    await open().query('alter role reader reset all');
    expect((await pool.query('select 1')).rowCount).toBe(1);
    expect(await answers(connection)).toBe(true);
  });

  it('gives up a connection that cannot have them, and says why', async () => {
    const pool = open({ plan_cache_mode: 'no such mode' });
    await expect(pool.query('select 1')).rejects.toThrow('plan_cache_mode');
    expect(pool.totalCount).toBe(0);
  });
});
