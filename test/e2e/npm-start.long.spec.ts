import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Newcomer, ROOT, RunningServer } from '../support/command.js';
import { until } from '../support/until.js';

const SCRIPTS = path.join(ROOT, 'scripts');
const isOld = parseInt(process.versions.node) < 24;
const PACKAGE = `node-${process.platform}-${process.arch}`;
const { optionalDependencies } = JSON.parse(readFileSync(path.join(SCRIPTS, 'node/package.json'), 'utf8')) as {
  optionalDependencies: Record<string, string | undefined>;
};
const brought = isOld ? optionalDependencies[PACKAGE] : undefined;

describe('npm start', () => {
  it('runs in a clone on Node 24 or newer wherever `npm ci` could bring it, and says so', async () => {
    const newcomer = await Newcomer.create();
    const { PATH } = process.env;
    const env = { PATH, HOME: newcomer.cwd, PORT: String(newcomer.port), DATA_DIR: newcomer.dataDir };
    const server = new RunningServer(spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    try {
      await until(() => server.lines.some((line) => line.startsWith('Centralita is ready at')), { ms: 60_000 });
      expect(server.lines).toContain(`  Node       ${brought ?? process.versions.node}`);
    } finally {
      await server.signal('SIGTERM');
      newcomer.dispose();
    }
  });
});

describe('The Node that npm start runs on', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'centralita-node-'));
    for (const file of ['which-node.cjs', 'bring-node.cjs', 'node/package.json', 'node/package-lock.json'])
      cpSync(path.join(SCRIPTS, file), path.join(folder, file));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (file: string) => {
    const { PATH } = process.env;
    const { status, stdout } = spawnSync(process.execPath, [path.join(folder, file)], { env: { PATH }, encoding: 'utf8' });
    return { status, stdout: stdout.trim() };
  };
  const place = (put: (file: string) => void): string => {
    const file = path.join(folder, 'node/node_modules', PACKAGE, 'bin/node');
    mkdirSync(path.dirname(file), { recursive: true });
    put(file);
    return file;
  };

  it("is this machine's where none was brought", () => {
    expect(run('which-node.cjs')).toEqual({ status: 0, stdout: process.execPath });
  });

  it("is this machine's where the one that was brought does not run on it", () => {
    place((file) => {
      writeFileSync(file, '#!/nowhere/ld-musl\n');
      chmodSync(file, 0o755);
    });
    expect(run('which-node.cjs')).toEqual({ status: 0, stdout: process.execPath });
  });

  it("is the one that was brought where this machine's is older than 24", () => {
    const file = place((to) => symlinkSync(process.execPath, to));
    expect(run('which-node.cjs')).toEqual({ status: 0, stdout: isOld ? file : process.execPath });
  });

  it('does not fail an install before the sources are there, as images are built', () => {
    cpSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
    expect(spawnSync('npm', ['run', 'prepare'], { cwd: folder, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('does not fail an install that cannot have it', () => {
    const { status, stdout } = run('bring-node.cjs');
    expect([status, stdout]).toEqual([
      0,
      brought ? `Node ${brought} is not to be had: npm start runs on this machine's ${process.version}.` : '',
    ]);
  });
});
