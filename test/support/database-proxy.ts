import { once } from 'node:events';
import net from 'node:net';

/** What a client sends, and what it sent before on the same connection. */
type Fits = (bytes: Buffer, before: Buffer) => boolean;

/** A farewell is passed on like all else, and not answered by us. */
const HALF_OPEN = { allowHalfOpen: true };

/** Stands between a server and its database, and can lose what the database answers, or stall: connections stay open, and nothing comes through. */
export class DatabaseProxy {
  /** How many answers were lost. */
  lost = 0;
  isStalled = false;
  private loses: Fits | undefined;
  private readonly clients = new Set<net.Socket>();

  private constructor(
    private readonly listener: net.Server,
    readonly url: string,
  ) {}

  /** `databaseUrl`: as of a TestDatabase, whose server is reached by a socket in a folder. */
  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const url = new URL(databaseUrl);
    const path = `${url.searchParams.get('host')}/.s.PGSQL.${url.port || 5432}`;
    const listener = net
      .createServer(HALF_OPEN, (client) => proxy.join(client, net.connect({ path, ...HALF_OPEN })))
      .listen(0, '127.0.0.1');
    await once(listener, 'listening');
    url.search = '';
    url.hostname = '127.0.0.1';
    url.port = String((listener.address() as net.AddressInfo).port);
    const proxy = new DatabaseProxy(listener, url.href);
    return proxy;
  }

  /** The connection breaks at the answer to the next bytes that fit, which the database has carried out by then. */
  loseAnswerTo(fits: Fits): void {
    this.loses = fits;
  }

  async stop(): Promise<void> {
    this.listener.close();
    for (const client of this.clients) client.destroy();
    await once(this.listener, 'close');
  }

  private join(client: net.Socket, database: net.Socket): void {
    this.clients.add(client);
    client.on('close', () => this.clients.delete(client));
    let loses = false;
    let before: Buffer = Buffer.alloc(0);
    client.on('data', (bytes) => {
      if (this.isStalled) return;
      if (this.loses?.(bytes, before)) {
        this.loses = undefined;
        loses = true;
      }
      before = bytes;
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (this.isStalled) return;
      if (!loses) return void client.write(bytes);
      this.lost++;
      client.destroy();
      database.destroy();
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const)
      one
        .on('error', () => undefined)
        .on('end', () => this.isStalled || other.end())
        .on('close', () => this.isStalled || other.destroy());
  }
}
