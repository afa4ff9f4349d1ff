import { once } from 'node:events';
import net from 'node:net';
import WebSocket from 'ws';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { inParallel, post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

describe('Whoever is refused gains nothing by trying on', () => {
  let server: ServerProcess;
  let strict: ServerProcess;
  let norte: TestOrganization;
  beforeAll(async () => {
    server = await ServerProcess.start({ env: { RATE_LIMIT_REFUSED: '100000/100000' } });
    strict = await ServerProcess.start({ besides: server, env: { RATE_LIMIT_REFUSED: '1/5' } });
    norte = await createOrganization(server);
  });
  afterAll(async () => {
    await strict.dispose();
    await server.dispose();
  });

  const good = () => inboundSms(server, { to: norte.number });
  const bad = () => ({ ...good(), headers: { ...good().headers, 'x-twilio-signature': 'AAAA' } });
  const head = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`;
  /** Writes bytes on a bare connection, waits for the first answer or the end, then resets it; what was answered. */
  const raw = async (bytes: string | Buffer, after?: Buffer): Promise<string> => {
    const socket = net.connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('error', () => undefined).on('data', (data) => (answer += data.toString('latin1')));
    await once(socket, 'connect');
    socket.write(bytes);
    if (after) {
      await once(socket, 'data');
      socket.end(after); // so that nothing is waited for that does not come
    }
    await (after ? once(socket, 'close') : Promise.race([once(socket, 'data'), once(socket, 'close')]));
    if (!socket.destroyed) socket.resetAndDestroy();
    return answer;
  };

  it('the log of what was refused is bounded, whatever comes', async () => {
    const request = bad();
    await inParallel(Array.from({ length: 1_800 }), 32, async () => expect((await post(server, request)).status).toBe(403));
    const [row] = await server.database.query<{ n: number }>(`select count(*)::int as n from delivery where state = 'REJECTED'`);
    expect(row!.n).toBeGreaterThanOrEqual(500);
    expect(row!.n).toBeLessThanOrEqual(1_250);
  });

  it('an address refused more than RATE_LIMIT_REFUSED is answered 429 with Retry-After, while what is verified is taken from it all the same', async () => {
    const answers = [];
    for (let i = 0; i < 12; i++) answers.push(await post(strict, bad()));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([403, 429]));
    const limited = answers.at(-1)!;
    expect([limited.status, Number(limited.retryAfter)]).toEqual([429, expect.any(Number)]);
    expect(Number(limited.retryAfter)).toBeGreaterThanOrEqual(1);
    for (let i = 0; i < 5; i++) expect((await post(strict, good())).status).toBe(200);
    expect((await post(strict, bad())).status).toBe(429);
  });

  it.each(['/', '/other', '/graphql//', '//', '/api/webhooks/sms/twilio', '/%00', `/${'a'.repeat(2_000)}`])(
    'an upgrade to %s that is reset opens nothing and ends nothing',
    async (path) => {
      for (let i = 0; i < 5; i++) expect(await raw(head(path))).not.toMatch(/^HTTP\/1\.1 101/);
      expect(server.isRunning).toBe(true);
      expect((await post(server, good())).status).toBe(200);
    },
  );

  it.each(['ffff', '8180', 'c1', '81fe', '81ff7fffffffffffffff', '0a0a', '8800', '89ff', '8101', '00'.repeat(200)])(
    'the bytes %s instead of a frame end their socket and nothing else',
    async (frame) => {
      const answer = await raw(head('/graphql'), Buffer.concat([Buffer.from(frame, 'hex'), Buffer.from('880000', 'hex')]));
      expect(answer).toMatch(/^HTTP\/1\.1 101/);
      expect(server.isRunning).toBe(true);
      expect((await post(server, good())).status).toBe(200);
    },
  );

  it.each([
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
    'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
  ])('the request %j is refused, and the next served', async (bytes) => {
    expect(await raw(bytes)).not.toMatch(/^HTTP\/1\.1 (2|5(?!0[15]))/);
    expect((await post(server, good())).status).toBe(200);
  });

  it.each<[string, string[]]>([
    ['no JSON', ['hello']],
    ['a list', ['[]']],
    ['null', ['null']],
    [
      'a subscription before the handshake',
      ['{"id":"1","type":"subscribe","payload":{"query":"subscription { activityFeed(organizationId: \\"1\\") { cursor } }"}}'],
    ],
    ['a credential that is a list', ['{"type":"connection_init","payload":{"authorization":["Bearer x"]}}']],
    ['a credential on a prototype', ['{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer x"}}}']],
    ['more than it reads', ['x'.repeat(2 << 20)]],
  ])('a socket that says %s is closed and told nothing', async (_name, messages) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const heard: string[] = [];
    socket.on('error', () => undefined).on('message', (data: Buffer) => heard.push(String(data)));
    const closed = once(socket, 'close');
    await once(socket, 'open');
    for (const message of messages) socket.send(message);
    await closed;
    expect(heard.filter((message) => message.includes('"next"'))).toEqual([]);
    expect((await post(server, good())).status).toBe(200);
  });
});
