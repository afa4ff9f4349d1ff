import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { TestServer } from './server.js';
import { until } from './until.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A server in a process of its own, which can be killed and started again. */
export class ServerProcess extends TestServer {
  private child: ChildProcess | undefined;
  private output = '';

  /** What it printed so far. */
  get printed(): string {
    return this.output;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  override async launch(): Promise<void> {
    const child = spawn(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'start'], {
      cwd: this.dataDir,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (this.output += data.toString()));
    try {
      await until(() => this.output.includes('Centralita is ready at') || child.exitCode !== null, { ms: 45_000 });
    } catch {
      // Left running it would keep its connections, and every test after it would fail.
      await this.crash();
    }
    if (!this.isRunning) throw new Error(`the server did not start: ${this.output}`);
  }

  /** kill -9. */
  async crash(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  protected override async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const { child } = this;
    if (!child || !this.isRunning) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}
