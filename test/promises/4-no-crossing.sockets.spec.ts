import { once } from 'node:events';
import net from 'node:net';
import WebSocket from 'ws';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const FRIEND = 'https://crm.example';

describe('A credential that ended, or a page that is not ours, opens nothing', () => {
  let server: TestServer;
  let other: TestServer;
  let norte: TestOrganization;

  beforeAll(async () => {
    const env = { RATE_LIMIT_GRAPHQL: '100/500', CORS_ORIGINS: `${FRIEND}, https://app.example` };
    server = await TestServer.start({ env });
    other = await TestServer.start({ besides: server, env: { RATE_LIMIT_GRAPHQL: '1/8' } });
    norte = await createOrganization(server);
  });
  afterAll(async () => {
    stopListening();
    await other.dispose();
    await server.dispose();
  });

  const createKey = async (more: Record<string, unknown> = {}): Promise<{ id: string; key: string }> => {
    const { createApiKey } = await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $e: DateTime) { createApiKey(organizationId: $o, label: "x", expiresAt: $e) { key apiKey { id } } }',
      { o: norte.id, ...more },
    );
    return { id: createApiKey.apiKey.id, key: createApiKey.key };
  };
  const revoke = (id: string, at = server) =>
    ask(at, server.adminKey, 'mutation($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', { id });
  const listen = (key: string | undefined, at = server) =>
    new FeedClient(at, key, 'activityFeed', { organizationId: norte.id }, null, false);
  /** 101 where a socket opens for a page of that origin, else the status it is refused with. */
  const upgrade = async (origin: string | undefined, path = '/graphql') => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { ...(origin && { origin }) });
    socket.on('error', () => undefined);
    const status = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode),
    ]);
    socket.terminate();
    return status;
  };

  it.each([undefined, 'garbage', 'a.b.c'])('a handshake with the key %s is closed with 4401', async (key) => {
    const client = listen(key);
    expect(await client.closed()).toBe(4401);
    expect(client.connections).toBe(0);
  });

  it('a revoked key is refused from then on, and hears nothing more: its sockets close with 4403, on whatever process they are', async () => {
    const { id, key } = await createKey();
    const clients = await Promise.all([listen(key).live(), listen(key, other).live()]);
    const from = Date.now();
    const { revokeApiKey } = await revoke(id);
    expect(new Date(revokeApiKey.revokedAt).getTime()).toBeGreaterThan(from - 60_000);
    for (const at of [server, other]) {
      const answer = await gql(at, key, '{ viewer { scopes } }');
      expect([answer.status, answer.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(await listen(key, at).closed()).toBe(4401);
    }
    for (const client of clients) expect(await client.closed()).toBe(4403);
    expect(Date.now() - from).toBeLessThan(5_000);
    await deliver(server, inboundSms(server, { to: norte.number }));
    expect(clients.flatMap((client) => client.items)).toEqual([]);
    expect((await revoke(id)).revokeApiKey).toEqual(revokeApiKey); // once is enough
  });

  it('revoking one key closes no socket of another', async () => {
    const [kept, revoked] = [await createKey(), await createKey()];
    const [staying, leaving] = [await listen(kept.key).live(), await listen(revoked.key).live()];
    await revoke(revoked.id);
    await leaving.closed();
    await deliver(server, inboundSms(server, { to: norte.number }));
    await staying.told(1);
    expect(staying.closeCodes).toEqual([]);
  });

  it('a key that expires is refused from then on, and its sockets close with 4403', async () => {
    const expiresAt = new Date(Date.now() + 1_500);
    const { key } = await createKey({ e: expiresAt.toISOString() });
    const client = await listen(key).live();
    expect(await client.closed()).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect((await gql(server, key, '{ viewer { scopes } }')).code).toBe('UNAUTHENTICATED');
  });

  it('a key that asks more than RATE_LIMIT_GRAPHQL is RATE_LIMITED with 429 and Retry-After, on sockets too, and another key is not', async () => {
    const [greedy, modest] = [await createKey(), await createKey()];
    const answer = await until(async () => {
      const one = await gql(other, greedy.key, '{ viewer { scopes } }');
      return one.errors ? one : undefined;
    });
    expect([answer.status, answer.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await listen(greedy.key, other).refused()).extensions.code).toBe('RATE_LIMITED');
    expect((await gql(other, modest.key, '{ viewer { scopes } }')).errors).toBeUndefined();
    await until(async () => !(await gql(other, greedy.key, '{ viewer { scopes } }')).errors, { what: 'the end of the wait' });
  });

  it.each<[string, () => string | undefined, number]>([
    ['a foreign page', () => 'https://evil.example', 403],
    ['a page that looks like ours', () => 'https://hub.example.evil.example', 403],
    ['a page of another port', () => `http://127.0.0.1:${other.port}`, 403],
    ['a page without an origin of its own', () => 'null', 403],
    ['a page of CORS_ORIGINS', () => FRIEND, 101],
    ['our own page', () => server.url, 101],
    ['our own page at PUBLIC_URL', () => server.publicUrl, 101],
    ['a program that is no browser', () => undefined, 101],
  ])('an upgrade from %s is answered as it must', async (_name, origin, status) => {
    expect(await upgrade(origin())).toBe(status);
  });

  it.each([
    ['/graphql/', 101],
    ['/graphql?x=1', 101],
    ['/graphql//', 404],
    ['/elsewhere', 404],
  ])('an upgrade on %s is %i', async (path, status) => {
    expect(await upgrade(undefined, path)).toBe(status);
  });

  it('whoever goes on writing after a refused upgrade keeps no socket of ours', async () => {
    const request = 'GET /elsewhere HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\nx';
    const socket = net.connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined).write(request);
    await once(socket, 'data');
    // Only one that is gone resets who writes to it.
    await until(() => socket.destroyed || (socket.write('x'), false), { what: 'the end of the socket' });
  });

  it('CORS lets the pages of CORS_ORIGINS ask, and no others', async () => {
    const ask = async (origin: string) => {
      const headers = 'authorization,apollographql-client-name';
      const answer = await fetch(`${server.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
      });
      return answer.headers;
    };
    const preflight = async (origin: string) => (await ask(origin)).get('access-control-allow-origin');
    const asked = async (origin: string) => (await ask(origin)).get('access-control-allow-headers');
    expect(await preflight(FRIEND)).toBe(FRIEND);
    expect(await preflight('https://app.example')).toBe('https://app.example');
    expect(await preflight('https://evil.example')).toBeNull();
    expect(await asked('https://app.example')).toBe('authorization,apollographql-client-name');
    expect(
      (await gql(other, norte.key, '{ viewer { scopes } }', {}, { origin: FRIEND })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });
});
