import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface StubRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status with its body and headers; or what is done with the connection once the request was read. */
export type StubReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'HANG'
  | 'RESET'
  | 'CUT';
export type StubAnswer = StubReply | ((request: StubRequest) => StubReply | Promise<StubReply>);

/** A provider on this machine, that answers what it is told and keeps what it was asked. */
export class ProviderStub {
  readonly requests: StubRequest[] = [];
  answer: StubAnswer = { status: 500 };

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async start(): Promise<ProviderStub> {
    const server = createServer();
    const stub = new ProviderStub(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => void stub.reply(request, response, Buffer.concat(chunks).toString()));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async reply(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const seen = { method: request.method!, url: request.url!, headers: request.headers, body };
    this.requests.push(seen);
    const answer = typeof this.answer === 'function' ? await this.answer(seen) : this.answer;
    if (answer === 'HANG') return;
    if (answer === 'RESET') return void request.socket.resetAndDestroy();
    if (answer === 'CUT') {
      response.writeHead(201, { 'content-length': '9999' });
      return void response.write('{"sid":"', () => response.destroy());
    }
    const text = typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text);
  }
}
