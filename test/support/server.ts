import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, type TestDatabase } from './database.js';
import { until } from './until.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface ServerOptions {
  /** Added to the environment; undefined takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Another process on the same database. */
  readonly besides?: TestServer;
}

/** A Centralita as an operator runs it: the built product in a process of its own, with real Twilio credentials. */
export class TestServer {
  readonly accountSid = `AC${randomBytes(16).toString('hex')}`;
  readonly authToken = randomBytes(16).toString('hex');
  readonly adminKey = `admin-${randomBytes(18).toString('hex')}`;
  readonly publicUrl: string = 'https://hub.example';
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly port: number,
    readonly database: TestDatabase,
    private readonly dataDir: string,
    private readonly options: ServerOptions,
  ) {
    const { besides, env: { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = {} } = options;
    if (TWILIO_ACCOUNT_SID && TWILIO_AUTH_TOKEN) Object.assign(this, { accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN });
    if (besides) Object.assign(this, { accountSid: besides.accountSid, authToken: besides.authToken, adminKey: besides.adminKey });
  }

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const database = options.besides?.database ?? (await createDatabase());
    const server = new TestServer(await freePort(), database, mkdtempSync(path.join(tmpdir(), 'centralita-data-')), options);
    await server.launch();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

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

  /** Resolves when it says it is ready. */
  async launch(): Promise<void> {
    const child = spawn(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'start'], {
      cwd: this.dataDir,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (this.output += data.toString()));
    await until(() => this.output.includes('Centralita is ready at') || child.exitCode !== null, { ms: 30_000 });
    if (child.exitCode !== null) throw new Error(`the server did not start: ${this.output}`);
  }

  /** kill -9. */
  async crash(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** At the end of a file: the server and its database. */
  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    if (!this.options.besides) await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || !this.isRunning) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  private environment(): NodeJS.ProcessEnv {
    const env = {
      PATH: process.env.PATH,
      PORT: String(this.port),
      HOST: '127.0.0.1',
      // Not there yet, as in a fresh container.
      DATA_DIR: path.join(this.dataDir, 'data'),
      DATABASE_URL: this.database.url,
      PUBLIC_URL: this.publicUrl,
      ADMIN_API_KEY: this.adminKey,
      TWILIO_ACCOUNT_SID: this.accountSid,
      TWILIO_AUTH_TOKEN: this.authToken,
      // No test asks the real Twilio for a file: this port is nobody's.
      TWILIO_BASE_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'warn',
      ...this.options.env,
    };
    return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}
