import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo } from 'node:net';

type Answer = (request: http.IncomingMessage, response: http.ServerResponse, nth: number) => void;

/** An HTTP server that stands in for where files are: it answers as each path was told to, and keeps what it was asked. */
export class MediaHost {
  readonly asked: { path: string; authorization: string | undefined }[] = [];
  private readonly answers = new Map<string, Answer>();

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<MediaHost> {
    const server = http.createServer();
    const host = new MediaHost(server);
    server.on('request', (request, response) => host.hear(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return host;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** `nth`: 1 for the first request to that path. */
  on(path: string, answer: Answer): this {
    this.answers.set(path, answer);
    return this;
  }

  serves(path: string, bytes: Buffer, contentType = 'application/octet-stream'): this {
    return this.on(path, (_request, response) => void response.setHeader('content-type', contentType).end(bytes));
  }

  redirects(path: string, location: string): this {
    return this.on(path, (_request, response) => void response.writeHead(307, { location }).end());
  }

  timesAsked(path: string): number {
    return this.asked.filter((request) => request.path === path).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private hear(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = request.url ?? '';
    this.asked.push({ path, authorization: request.headers.authorization });
    const answer = this.answers.get(path);
    if (answer) answer(request, response, this.timesAsked(path));
    else response.writeHead(404).end();
  }
}

/** The smallest PNG there is. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
