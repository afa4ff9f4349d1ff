import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { type TestServer } from './server.js';
import { until } from './until.js';

export type FeedField = 'activityCreated' | 'activityUpdated' | 'activityFeed';

const LIGHT = 'id organizationId channel status body externalId cursor';
const SHAPES: Record<FeedField, string> = {
  activityCreated: LIGHT,
  activityUpdated: `cursor activity { ${LIGHT} } event { id kind status cursor }`,
  activityFeed: `cursor kind organizationId activity { ${LIGHT} } event { id kind status }`,
};

class QuietSocket extends WebSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols);
    this.on('error', () => undefined); // a socket cut before it opened is no accident here
  }
}

const listening = new Set<FeedClient>();

/** At the end of a file: none comes back to a server that is gone. */
export function stopListening(): void {
  for (const client of [...listening]) client.stop();
}

/** A subscriber on a socket of its own, that comes back with its cursor when it is cut, as a careful client does. */
export class FeedClient {
  /** What was told, CHECKPOINTs apart. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the field's
  readonly items: any[] = [];
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the field's
  readonly checkpoints: any[] = [];
  readonly errors: unknown[] = [];
  readonly closeCodes: number[] = [];
  connections = 0;
  private stopped = false;
  private cut: (() => void) | undefined;

  constructor(
    private readonly server: TestServer,
    private readonly key: string | undefined,
    readonly field: FeedField,
    private readonly variables: { organizationId: string; channels?: string[] },
    private after: string | null = null,
    private readonly comesBack = true,
  ) {
    listening.add(this);
    void this.run();
  }

  /** The handshake went well, or ended; the protocol acknowledges no subscription. */
  async connected(): Promise<this> {
    await until(() => this.connections > 0 || this.errors.length > 0 || this.closeCodes.length > 0, { what: 'a connection' });
    return this;
  }

  /** Of activityFeed: caught up, and live. */
  async live(): Promise<this> {
    await until(() => this.checkpoints.length > 0, { what: `a checkpoint (errors ${JSON.stringify(this.errors)})` });
    return this;
  }

  /** The code its socket was closed with. */
  async closed(ms = 10_000): Promise<number> {
    await until(() => this.closeCodes.length > 0, { ms, what: 'a close' });
    return this.closeCodes[0]!;
  }

  /** The first error it was refused with. */
  async refused(): Promise<{ message: string; extensions: Record<string, unknown> }> {
    await until(() => this.errors.length > 0, { what: `an error (${this.items.length} items came)` });
    return (this.errors[0] as { message: string; extensions: Record<string, unknown> }[])[0]!;
  }

  /** Waits until so many items were told. */
  async told(n: number, ms = 10_000): Promise<this> {
    await until(() => this.items.length >= n, {
      ms,
      what: `${n} items of ${this.field} (${this.items.length} came; errors ${JSON.stringify(this.errors)})`,
    });
    return this;
  }

  /** As when a laptop is closed. */
  drop(): void {
    this.cut?.();
  }

  stop(): void {
    listening.delete(this);
    this.stopped = true;
    this.cut?.();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.once();
      if (!this.comesBack || this.errors.length) return;
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  private once(): Promise<void> {
    return new Promise((done) => {
      const client = createClient({
        url: `${this.server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: QuietSocket,
        retryAttempts: 0,
        connectionParams: this.key ? { authorization: `Bearer ${this.key}` } : {},
        on: { connected: () => this.connections++, closed: (event) => this.closeCodes.push((event as { code: number }).code) },
      });
      this.cut = () => client.terminate();
      const end = () => {
        void client.dispose();
        done();
      };
      const query = `subscription($organizationId: ID!, $channels: [Channel!], $after: Cursor) { item: ${this.field}(organizationId: $organizationId, channels: $channels, after: $after) { ${SHAPES[this.field]} } }`;
      client.subscribe<{ item: { cursor: string; kind?: string } }>(
        { query, variables: { ...this.variables, after: this.after } },
        {
          next: ({ data, errors }) => {
            if (errors || !data) return void this.errors.push(errors);
            this.after = data.item.cursor;
            (data.item.kind === 'CHECKPOINT' ? this.checkpoints : this.items).push(data.item);
          },
          error: (error) => {
            if (Array.isArray(error)) this.errors.push(error);
            end();
          },
          complete: end,
        },
      );
    });
  }
}
