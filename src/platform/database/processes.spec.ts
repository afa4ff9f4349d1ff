import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { EmbeddedPostgres } from './embedded-postgres.service.js';
import { packageRoot } from './package-root.service.js';
import { readPostmaster } from './postmaster.service.js';
import { answers } from './reachability.service.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Node 20 runs no TypeScript: the built room. */
const ROOM = pathToFileURL(path.join(packageRoot(), 'dist/platform/database/')).href;

/** A process of its own: starts the database of a folder, migrates it where asked, says how that went, and stays. */
const PROGRAM = `
  import { EmbeddedPostgres } from '${ROOM}embedded-postgres.service.js';
  import { applyMigrations } from '${ROOM}migrations.service.js';
  const quiet = { info() {}, warn() {}, error() {} };
  const [task, ...given] = process.argv.slice(1);
  try {
    if (task === 'migrate') console.log('done ' + (await applyMigrations(JSON.parse(given[0]), given[1])).length);
    else {
      const embedded = await EmbeddedPostgres.start(given[0], quiet);
      process.once('SIGTERM', () => void embedded.stop());
      console.log('done');
    }
  } catch (error) {
    console.log(error.message);
  }
`;

describe('processes and the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  const children: ChildProcess[] = [];

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'centralita-'));
    chmodSync(folder, 0o711);
    dataDir = path.join(folder, 'data');
  });
  afterAll(async () => {
    await Promise.all(children.map(ended));
    rmSync(folder, { recursive: true });
  });

  it('a second process is refused, and told who is there', async () => {
    const first = start('hold', dataDir);
    expect(await lineOf(first)).toBe('done');
    await expect(EmbeddedPostgres.start(dataDir, quiet)).rejects.toThrow(
      `DATA_DIR ${dataDir} is in use by another Centralita (process ${first.pid}). Stop it, or set another DATA_DIR.`,
    );
    await ended(first);
    expect(await answers({ host: path.join(dataDir, 'postgres/socket'), user: 'centralita', database: 'postgres' })).toBe(false);
  });

  it('the server of a killed process is adopted, and started again when it is killed itself', async () => {
    const first = start('hold', dataDir);
    expect(await lineOf(first)).toBe('done');
    const serverId = serverOf(dataDir);
    first.kill('SIGKILL');
    while (first.signalCode === null) await sleep(10);
    const embedded = await EmbeddedPostgres.start(dataDir, quiet);
    expect(serverOf(dataDir)).toBe(serverId);

    process.kill(serverId!, 'SIGKILL');
    while (!(serverOf(dataDir) !== serverId && (await answers(embedded.connection)))) await sleep(20);
    await embedded.stop();
    expect(await answers(embedded.connection)).toBe(false);
  });

  it('a copy of the folder has a server of its own, whoever is in the original', async () => {
    const first = start('hold', dataDir);
    expect(await lineOf(first)).toBe('done');
    const copied = path.join(folder, 'copied');
    execFileSync('cp', ['-a', dataDir, copied]);
    expect(readPostmaster(path.join(copied, 'postgres/data'))).toEqual(readPostmaster(path.join(dataDir, 'postgres/data')));
    const embedded = await EmbeddedPostgres.start(copied, quiet);
    expect(serverOf(copied)).not.toBe(serverOf(dataDir));
    await embedded.stop();
    expect(await answers({ host: path.join(dataDir, 'postgres/socket'), user: 'centralita', database: 'postgres' })).toBe(true);
    await ended(first);
  });

  it('of two that start at once on an empty folder, one wins and one is refused', async () => {
    const empty = path.join(folder, 'empty');
    const both = [start('hold', empty), start('hold', empty)];
    const said = await Promise.all(both.map(lineOf));
    expect(said.sort().reverse()).toEqual(['done', expect.stringContaining(`DATA_DIR ${empty} is in use by another Centralita (process `)]);
  });

  it('four that migrate at once apply each migration once', async () => {
    const embedded = await EmbeddedPostgres.start(dataDir, quiet);
    const migrations = path.join(folder, 'migrations');
    mkdirSync(path.join(migrations, '20260101000000_first'), { recursive: true });
    writeFileSync(path.join(migrations, '20260101000000_first/migration.sql'), 'create table a (id int primary key)');
    const four = Array.from({ length: 4 }, () => start('migrate', JSON.stringify(embedded.connection), migrations));
    const said = await Promise.all(four.map(lineOf));
    await embedded.stop();
    expect(said.sort()).toEqual(['done 0', 'done 0', 'done 0', 'done 1']);
  });

  function start(...words: string[]): ChildProcess {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, ...words], {
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }
});

function lineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())));
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill();
  while (child.exitCode === null && child.signalCode === null) await sleep(10);
}

/** Undefined between two servers. */
function serverOf(dataDir: string): number | undefined {
  return readPostmaster(path.join(dataDir, 'postgres/data'))?.pid;
}
