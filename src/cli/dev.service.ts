import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CommandError } from './command-error.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const buildScript = path.join(root, 'scripts/build.js');
/** Looking at every file costs milliseconds and works everywhere; `fs.watch` misses changes on mounted and network folders. */
const LOOK_MS = 400;
const STOP_MS = 15_000;

/**
 * Runs the server, and whenever a source, a migration or an `.env` file changes builds and starts it again. A build that fails leaves the
 * server that runs as it is. Ends, server included, at SIGINT or SIGTERM. Throws CommandError where there are no sources.
 */
export async function develop(): Promise<void> {
  if (!existsSync(buildScript)) throw new CommandError('`centralita dev` needs the sources: run it in a clone of the repository.');
  const { buildInputs } = (await import(pathToFileURL(buildScript).href)) as { buildInputs: () => string[] };
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

  let seen = look(buildInputs);
  let server = startServer(ending.signal);
  while (!ending.signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    const now = look(buildInputs);
    if (now === undefined || now === seen || ending.signal.aborted) continue;
    if (now !== (await settled(buildInputs, ending.signal))) continue; // still being written
    seen = now;
    if (!(await build(ending.signal))) {
      if (!ending.signal.aborted)
        say(server.exitCode === null && server.signalCode === null ? 'The server that runs is of before.' : 'Waiting for a change.');
      continue;
    }
    await stopServer(server);
    if (!ending.signal.aborted) {
      say('Starting again.');
      server = startServer(ending.signal);
    }
  }
  await stopServer(server);
}

/** The state of every watched file as one text; undefined while files come and go under the look. */
function look(buildInputs: () => string[]): string | undefined {
  try {
    const migrations = readdirSync(path.join(root, 'prisma'), { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(root, 'prisma', name),
    );
    const settings = ['.env', '.env.local'].map((name) => path.resolve(name));
    return [...buildInputs(), ...migrations, ...settings]
      .map((file) => [file, statSync(file, { throwIfNoEntry: false })] as const)
      .map(([file, stat]) => `${file} ${stat?.isFile() ? `${stat.mtimeMs} ${stat.size}` : '-'}`)
      .join('\n');
  } catch {
    return undefined;
  }
}

async function settled(buildInputs: () => string[], signal: AbortSignal): Promise<string | undefined> {
  await sleep(LOOK_MS / 2, undefined, { signal }).catch(() => undefined);
  return look(buildInputs);
}

/** In a process of its own, so that ending it leaves nothing half held. It shows its errors itself. */
async function build(signal: AbortSignal): Promise<boolean> {
  const child = spawn(process.execPath, [buildScript], { stdio: 'inherit' });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve).once('error', () => resolve(null)));
  signal.removeEventListener('abort', end);
  return code === 0;
}

function startServer(signal: AbortSignal): ChildProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', path.join(root, 'dist/cli.js'), 'start'], { stdio: 'inherit' });
  child.once('exit', (code, by) => {
    if (!signal.aborted && !stopping.has(child)) say(`The server ended (${by ?? `exit code ${code}`}). The next change starts it again.`);
  });
  return child;
}

const stopping = new WeakSet<ChildProcess>();

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  stopping.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(kill);
}

const say = (line: string) => console.error(`[dev] ${line}`);
