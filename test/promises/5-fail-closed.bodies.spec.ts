import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createKey, createOrganization, type TestOrganization } from '../factories/organization.js';
import { TestServer } from '../support/server.js';

describe('Where a body may be large', () => {
  let server: TestServer;
  let norte: TestOrganization;
  beforeAll(async () => {
    server = await TestServer.start();
    norte = await createOrganization(server);
  });
  afterAll(() => server.dispose());

  it.each([
    ['/graphql', { 'content-length': String(40 << 20) }],
    ['/graphql', { 'transfer-encoding': 'chunked' }],
    ['/media?organizationId=1', { 'content-length': String(3 << 20) }],
  ])('what may be large, %s with %j, is not read from somebody without a credential', async (path, framing) => {
    const request = http.request(server.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...framing } });
    request.on('error', () => undefined).flushHeaders();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    const text = Buffer.concat(await answer.take(1).toArray()).toString();
    request.destroy();
    expect(answer.statusCode).toBe(401);
    if (path === '/graphql') expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it.each([
    ['/api/webhooks/email/sendgrid/inbound', { credential: false }, 'content-length: 999999999'],
    ['/api/webhooks/email/sendgrid/inbound', { credential: false }, 'transfer-encoding: chunked'],
    ['/graphql', { credential: true }, 'content-length: 999999999'],
  ])('a connection that breaks while %s waits for its turn (%j, %s) ends nothing else', async (path, { credential }, framing) => {
    const headers = ['host: hub', 'content-type: application/json', framing, ...(credential ? [`authorization: Bearer ${norte.key}`] : [])];
    for (const wait of [0, 0, 1, 2, 5, 20]) {
      const socket = net.connect(server.port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(`GET /health/ready HTTP/1.1\r\nhost: hub\r\n\r\nPOST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n5\r\n{"a":\r\n`);
      await setTimeout(wait);
      socket.resetAndDestroy();
    }
    await setTimeout(200);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });

  describe('and does not say how large it is', () => {
    /** Sends `bytes` without their length. */
    const ask = async (key: string, bytes: number) => {
      const query = JSON.stringify({ query: '{ viewer { scopes } }' });
      const request = http.request(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      });
      request.on('error', () => undefined);
      for (let sent = 0; sent < bytes - query.length; sent += 100_000)
        request.write(' '.repeat(Math.min(100_000, bytes - query.length - sent)));
      request.end(query);
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      const { errors } = JSON.parse(Buffer.concat(await answer.toArray()).toString()) as { errors?: { extensions: { code: string } }[] };
      return [answer.statusCode, errors?.[0]?.extensions.code];
    };

    it('who only reads may send what any request may have, and who sends may send more', async () => {
      const reader = await createKey(server, norte.id, ['READ']);
      const answers = [
        await ask(reader, 1_000),
        await ask(reader, 2 << 20),
        await ask(reader, (2 << 20) + 1),
        await ask(norte.key, 3 << 20),
      ];
      expect(answers).toEqual([
        [200, undefined],
        [200, undefined],
        [403, 'FORBIDDEN'],
        [200, undefined],
      ]);
    });
  });
});
