import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createDatabase, type TestDatabase } from './database.js';

export interface ServerOptions {
  /** Added to the environment; undefined takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Another process on the same database. */
  readonly besides?: TestServer;
}

/**
 * A Centralita as an operator runs it: the built product, with real Twilio credentials. It shares its process with servers of other databases
 * (`server-host.js`), which spares it the loading; one that is killed, started again or read by what it prints is a `ServerProcess`.
 */
export class TestServer {
  readonly accountSid = `AC${randomBytes(16).toString('hex')}`;
  readonly authToken = randomBytes(16).toString('hex');
  readonly adminKey = `admin-${randomBytes(18).toString('hex')}`;
  readonly publicUrl: string = 'https://hub.example';

  /** Not started: `start` makes one that is. */
  constructor(
    readonly port: number,
    readonly database: TestDatabase,
    protected readonly dataDir: string,
    private readonly options: ServerOptions,
  ) {
    const { besides, env: { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = {} } = options;
    if (TWILIO_ACCOUNT_SID && TWILIO_AUTH_TOKEN) Object.assign(this, { accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN });
    if (besides) Object.assign(this, { accountSid: besides.accountSid, authToken: besides.authToken, adminKey: besides.adminKey });
  }

  static async start<Server extends TestServer>(this: ServerKind<Server>, options: ServerOptions = {}): Promise<Server> {
    const database = options.besides?.database ?? (await createDatabase());
    const server = new this(await freePort(), database, mkdtempSync(path.join(tmpdir(), 'centralita-data-')), options);
    await server.launch();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** At the end of a file: the server and its database. */
  async dispose(): Promise<void> {
    await this.end();
    if (!this.options.besides) await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Resolves when it is ready. */
  protected launch(): Promise<unknown> {
    return this.host('POST', '/', JSON.stringify(this.environment()));
  }

  protected end(): Promise<unknown> {
    return this.host('DELETE', `/${this.port}`);
  }

  protected environment(): NodeJS.ProcessEnv {
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

  /** Asks the host of this worker, or for a server beside another the one that is another process than the other's. */
  private async host(method: string, url: string, body = ''): Promise<void> {
    const socketPath = path.join(process.env.TEST_SERVER_HOSTS!, `${process.env.JEST_WORKER_ID}${this.options.besides ? '-besides' : ''}`);
    const request = http.request({ socketPath, method, path: url }).end(body);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const said = await text(response);
    if (response.statusCode !== 200) throw new Error(`${method} ${url} of a hosted server: ${said}`);
  }
}

/** `TestServer`, or what is more than one. */
export type ServerKind<Server extends TestServer> = (new (...given: ConstructorParameters<typeof TestServer>) => Server) &
  Pick<typeof TestServer, 'start'>;

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}
