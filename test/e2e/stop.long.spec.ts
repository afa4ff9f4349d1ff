import { execFileSync } from 'node:child_process';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { Newcomer } from '../support/command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

/** docs/operations.md says how long a stop may take. */
const LONGEST_MS = 20_000;

describe('A stop while the database is stalled, its connections open and nothing coming through', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let server: ServerProcess;
  let norte: TestOrganization;
  beforeEach(async () => {
    database = await createDatabase();
    proxy = await DatabaseProxy.start(database.url);
    server = await ServerProcess.start({ env: { DATABASE_URL: proxy.url } });
    norte = await createOrganization(server, 'norte');
  });
  afterEach(async () => {
    await server.dispose();
    await proxy.stop();
    await database.drop();
  });

  const stop = async () => {
    const startedMs = performance.now();
    const code = await server.stop();
    return { code, ms: performance.now() - startedMs };
  };

  it('ends, with exit code 0, where nothing is under way', async () => {
    proxy.isStalled = true;
    const { code, ms } = await stop();
    expect([code, ms < LONGEST_MS]).toEqual([0, true]);
  });

  it('ends, with exit code 0, where deliveries and a question wait for it', async () => {
    proxy.isStalled = true;
    const waiting = [
      ...Array.from({ length: 20 }, () => post(server, inboundSms(server, { to: norte.number }))),
      fetch(`${server.url}/health/ready`).then(({ status }) => ({ status })),
    ].map((answer) => answer.then(({ status }) => status).catch(() => 'cut'));
    await new Promise((done) => setTimeout(done, 1_000));
    const { code, ms } = await stop();
    expect([code, ms < LONGEST_MS]).toEqual([0, true]);
    expect(await Promise.all(waiting)).not.toContain(200);
  });
});

describe('A stop while the embedded PostgreSQL is frozen', () => {
  it('ends, with exit code 0', async () => {
    const newcomer = await Newcomer.create();
    const server = await newcomer.start();
    const postmaster = newcomer.postgres!;
    const frozen = [postmaster, ...childrenOf(postmaster)];
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    const startedMs = performance.now();
    const code = await server.signal('SIGTERM');
    expect([code, performance.now() - startedMs < 30_000]).toEqual([0, true]);
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    newcomer.dispose();
  }, 60_000);
});

function childrenOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return rows.map((row) => row.trim().split(/\s+/).map(Number)).flatMap(([child, parent]) => (parent === pid ? [child!] : []));
}
