import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebClient } from './web-client.service.js';
import { RequestFailed, type WebRequest } from './web-request.js';

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

/** A server of bytes: what it does with a connection, and with what comes by it. */
async function listening(connected: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    connected(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('WebClient', () => {
  let server: Server;
  let base: string;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        seen.push(`${request.method} ${request.url} ${body}`);
        answer(request, response, body);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${portOf(server)}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (url: string): WebRequest => ({ method: 'post', url, headers: { 'content-type': 'text/plain' }, body: 'ñandú' });
  const failureOf = (url: string, client = new WebClient(500)): Promise<RequestFailed> =>
    client.send(post(url)).then(
      () => Promise.reject(new Error('it was answered')),
      (error: unknown) => error as RequestFailed,
    );

  it.each([
    ['Bearer', 'Bearer s3cret-token-of-ours', 's3cret-token-of-ours'],
    ['Basic', `Basic ${Buffer.from('AC1:s3cret-token-of-ours').toString('base64')}`, 's3cret-token-of-ours'],
  ])('takes the credential it asked with out of what is said against it: %s', async (_scheme, authorization, secret) => {
    answer = (_, response) => response.writeHead(401).end(`Malformed token ${secret}, of AC1`);
    const { body } = await new WebClient().send({ ...post(base), headers: { Authorization: authorization } });
    expect(body).toBe('Malformed token …, of AC1');
  });

  it('gives the answer as it came, whatever its status, and follows no redirect', async () => {
    answer = (_, response) => response.writeHead(307, { location: '/elsewhere', 'X-Message-Id': 'a' }).end('«no»');
    const answered = await new WebClient().send(post(`${base}/v3/x?a=b`));
    expect(answered).toMatchObject({ status: 307, headers: { 'x-message-id': 'a' }, body: '«no»' });
    expect(seen).toEqual(['POST /v3/x?a=b ñandú']);
  });

  it('keeps its connection for the next request', async () => {
    const ports = new Set<number>();
    answer = (request, response) => {
      ports.add(request.socket.remotePort!);
      response.end();
    };
    const client = new WebClient();
    for (let i = 0; i < 3; i++) await client.send(post(base));
    expect(ports.size).toBe(1);
  });

  it.each([
    ['a port nobody listens on', 'http://127.0.0.1:1/'],
    ['a name nobody has', 'http://no-such-host.invalid/'],
    ['an address that is none', 'nowhere'],
  ])('a request to %s has not left', async (_what, url) => {
    const failure = await failureOf(url, new WebClient());
    expect(failure).toBeInstanceOf(RequestFailed);
    expect([failure.left, failure.message]).toEqual([false, expect.stringMatching(/\S/)]);
  });

  it('a connection that ends before its handshake does has carried nothing', async () => {
    const raw = await listening((socket) => socket.once('data', () => socket.destroy()));
    expect((await failureOf(`https://127.0.0.1:${raw.port}/`)).left).toBe(false);
    raw.close();
  });

  it('a handshake that takes too long has carried nothing', async () => {
    const raw = await listening(() => undefined);
    expect(await failureOf(`https://127.0.0.1:${raw.port}/`, new WebClient(50))).toMatchObject({
      left: false,
      message: 'no answer within 50 ms',
    });
    raw.close();
  });

  it('a server that speaks no TLS gets nothing', async () => {
    answer = (_, response) => response.end();
    expect((await failureOf(base.replace('http:', 'https:'))).left).toBe(false);
    expect(seen).toEqual([]);
  });

  it('a request that is not answered in time may have been taken', async () => {
    answer = () => undefined;
    expect(await failureOf(base, new WebClient(50))).toMatchObject({ left: true, message: 'no answer within 50 ms' });
    expect(seen).toHaveLength(1);
  });

  it('an answer that is another protocol ends at once, and the request may have been taken', async () => {
    const raw = await listening((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n')),
    );
    expect(await failureOf(`http://127.0.0.1:${raw.port}/`, new WebClient(60_000))).toMatchObject({
      left: true,
      message: 'the answer was another protocol (HTTP 101)',
    });
    raw.close();
  });

  it('a large body has the time that a slow line takes for it', async () => {
    answer = (_, response) => void setTimeout(() => response.end(), 150);
    const large = { ...post(base), body: 'x'.repeat(250_000) };
    expect((await new WebClient(50).send(large)).status).toBe(200);
    expect(await failureOf(base, new WebClient(50))).toMatchObject({ left: true });
  });

  it('a connection that is reset once it had the request, at once or amid the answer, may have been taken', async () => {
    answer = (request) => request.socket.resetAndDestroy();
    expect((await failureOf(base)).left).toBe(true);
    answer = (_, response) => {
      response.writeHead(201, { 'content-length': '1000' });
      response.write('{"sid":', () => response.destroy());
    };
    expect((await failureOf(base)).left).toBe(true);
  });

  it('an answer that stops amid its body is not waited for longer', async () => {
    answer = (_, response) => void response.writeHead(201, { 'content-length': '1000' }).write('{');
    expect(await failureOf(base, new WebClient(100))).toMatchObject({ left: true });
  });

  it('a kept connection that is reset may have carried it', async () => {
    const client = new WebClient();
    answer = (_, response) => response.end();
    await client.send(post(base));
    answer = (request) => request.socket.resetAndDestroy();
    expect((await failureOf(base, client)).left).toBe(true);
  });
});
