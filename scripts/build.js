/**
 * Builds what is out of date: the Prisma client (src/generated) and the program (dist). Nothing changed: nothing is done, in a few
 * milliseconds, so every start may ask. Up to date is what the contents say, not their times: a fresh clone or a restored cache is safe.
 * Never goes to the network: it runs the tools of node_modules with this very Node.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(import.meta.dirname, '..');
const generated = path.join(root, 'src/generated');
const client = path.join(generated, 'prisma');
const stamp = path.join(root, 'dist/.built');
const clientStamp = path.join(generated, '.built');
/** Holds the pid of who builds. Not in dist: a build empties that. */
const lock = path.join(generated, '.lock');
/** No build takes this long: an older lock was left by a process whose pid has since become another's. */
const LOCK_STALE_MS = 5 * 60_000;

/** A build that cannot be; `message` is all there is to show. */
export class BuildError extends Error {
  name = 'BuildError';
}

/** Makes `dist` what the sources say. True if something was built. Throws BuildError. */
export async function ensureBuilt() {
  if (!existsSync(path.join(root, 'src')) || isBuilt()) return false;
  const tools = findTools();
  await takeLock();
  const children = new Set();
  const abort = (signal) => {
    for (const child of children) child.kill(signal);
    rmSync(lock, { force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', abort).once('SIGTERM', abort);
  try {
    if (isBuilt()) return false; // by whoever had the lock before
    await build(tools, children);
    return true;
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
    rmSync(lock, { force: true });
  }
}

/** Every file the build reads, sorted. */
export function buildInputs() {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(generated + path.sep));
  const settings = readdirSync(root).filter(
    (name) => /^tsconfig.*\.json$/.test(name) || ['nest-cli.json', 'package-lock.json', 'prisma.config.ts'].includes(name),
  );
  return [...sources, ...settings.map((name) => path.join(root, name)), path.join(root, 'prisma/schema.prisma')].sort();
}

function isBuilt() {
  return read(stamp) === fingerprint(buildInputs()) && existsSync(client);
}

/** Names and contents of the files: one that moves counts as a change. */
function fingerprint(files, ...more) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(read(file))
      .update('\0');
  return more.reduce((all, text) => all.update(`${text}\0`), hash).digest('hex');
}

async function build(tools, children) {
  const before = existsSync(stamp) || existsSync(clientStamp);
  console.error(before ? 'Building Centralita (its sources have changed)…' : 'Building Centralita (first start only, about 20 s)…');
  // Taken before the build: what changes during it is built by the next.
  const wanted = fingerprint(buildInputs());
  const wantedClient = fingerprint([path.join(root, 'prisma/schema.prisma'), path.join(root, 'prisma.config.ts')], tools.prismaVersion);
  if (read(clientStamp) !== wantedClient || !existsSync(client)) {
    await run('prisma generate', [tools.prisma, 'generate'], children);
    writeFileSync(clientStamp, wantedClient);
  }
  await run('nest build', [tools.nest, 'build'], children);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Runs one tool, silently unless it fails. */
async function run(name, args, children) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
  });
  children.add(child);
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((done) => child.once('error', () => done(-1)).once('close', done));
  children.delete(child);
  if (code !== 0)
    throw new BuildError(`${Buffer.concat(output).toString().trim()}\n\nCentralita is not built: \`${name}\` failed (see above).`);
}

function findTools() {
  const require = createRequire(path.join(root, 'package.json'));
  const folderOf = (name) => path.dirname(require.resolve(`${name}/package.json`));
  try {
    ['@swc/cli', '@swc/core', 'typescript'].forEach(folderOf);
    return {
      nest: path.join(folderOf('@nestjs/cli'), 'bin/nest.js'),
      prisma: path.join(folderOf('prisma'), 'build/index.js'),
      prismaVersion: require('prisma/package.json').version,
    };
  } catch {
    const state = existsSync(stamp) ? 'is built from other sources than these' : 'is not built';
    throw new BuildError(
      `Centralita ${state}, and the tools that build it are not installed: run \`npm ci --include=dev\`, or use the packed product, which comes built.`,
    );
  }
}

/** One builder at a time; whoever comes second waits here. A dead process's lock is taken over. */
async function takeLock() {
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(generated, { recursive: true });
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw new BuildError(`Centralita cannot be built: ${error.message}`);
    }
    const holder = read(lock);
    if (isAbandoned(holder)) breakLock(holder);
    else {
      if (!waited) console.error(`Waiting for the build that process ${holder} has begun…`);
      await sleep(150);
    }
  }
}

function isAbandoned(holder) {
  const ageMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (ageMs > LOCK_STALE_MS) return true;
  if (holder === '') return ageMs > 2000; // made, not yet written
  try {
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Of several that find the same dead lock one removes it; one that caught a newer lock instead puts it back. */
function breakLock(holder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (read(aside) === holder) rmSync(aside, { force: true });
  else renameSync(aside, lock);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
