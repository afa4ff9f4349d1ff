import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './server.js';
import { until } from './until.js';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder and an environment as a newcomer has them: nothing set but a free port, nothing kept but what was made here. */
export class Newcomer {
  readonly cwd = mkdtempSync(path.join(tmpdir(), 'centralita-newcomer-'));
  /** A folder of its own under the temporary one: the user that PostgreSQL runs as must be able to enter it. */
  readonly dataDir = mkdtempSync(path.join(tmpdir(), 'centralita-data-'));
  private readonly children = new Set<ChildProcess>();

  private constructor(readonly port: number) {}

  static async create(): Promise<Newcomer> {
    return new Newcomer(await freePort());
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Runs a command of ours to its end. */
  run(words: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return this.end(this.spawn(words, env));
  }

  /** Runs a line of shell to its end; `centralita` is ours. */
  shell(line: string): Promise<Ended> {
    return this.end(spawn('bash', ['-c', `centralita() { '${process.execPath}' '${ROOT}/dist/cli.js' "$@"; }; ${line}`], this.options({})));
  }

  /** Begins a command of ours, and waits for nothing. */
  begin(...words: readonly string[]): RunningServer {
    return new RunningServer(this.spawn(words, {}));
  }

  /** Starts the server and waits until it says that it is ready. */
  async start(env: Record<string, string> = {}, program = 'dist/cli.js'): Promise<RunningServer> {
    const child = this.spawn(['start'], env, program);
    const running = new RunningServer(child);
    await until(() => running.lines.some((line) => line.startsWith('Centralita is ready at')) || child.exitCode !== null, {
      ms: 40_000,
      what: `a server that is ready (${running.lines.join('\n')})`,
    });
    if (child.exitCode !== null) throw new Error(`it did not start: ${running.lines.join('\n')}`);
    return running;
  }

  /** The pid of the embedded PostgreSQL; undefined where it was stopped, or never started. */
  get postgres(): number | undefined {
    const file = path.join(this.dataDir, 'postgres/data/postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  }

  dispose(): void {
    for (const child of this.children) child.kill('SIGKILL');
    const { postgres } = this;
    if (postgres !== undefined) {
      try {
        process.kill(postgres, 'SIGQUIT');
      } catch {
        // it ended by itself
      }
    }
    for (const folder of [this.cwd, this.dataDir]) rmSync(folder, { recursive: true, force: true });
  }

  private spawn(words: readonly string[], env: Record<string, string>, program = 'dist/cli.js'): ChildProcess {
    const child = spawn(process.execPath, [path.join(ROOT, program), ...words], this.options(env));
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  private options(env: Record<string, string>): SpawnOptions {
    const { PATH } = process.env;
    return {
      cwd: this.cwd,
      env: { PATH, PORT: String(this.port), DATA_DIR: this.dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    };
  }

  private async end(child: ChildProcess): Promise<Ended> {
    let [stdout, stderr] = ['', ''];
    child.stdout!.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr!.on('data', (data: Buffer) => (stderr += data.toString()));
    await once(child, 'close');
    return { code: child.exitCode, stdout, stderr };
  }
}

export class RunningServer {
  private output = '';

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  /** What it printed so far. */
  get lines(): string[] {
    return this.output.trimEnd().split('\n');
  }

  /** Resolves with the exit code. */
  async signal(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    await closed;
    return this.child.exitCode;
  }
}
