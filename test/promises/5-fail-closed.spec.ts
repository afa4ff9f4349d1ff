import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { form, inboundSms, type Request, sid, type Signer, SMS_PATH } from '../factories/twilio.js';
import { allActivities, ask, deliveries, gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const INNER = /\bat [\w.<>]+ \(|node_modules|\.(js|ts):\d+|select .+ from|insert into|prisma/i;

/** Read by JSON.parse, and too deep for JSON.stringify. */
const NESTED = Buffer.from(`{"AccountSid":${'['.repeat(9_000)}${']'.repeat(9_000)}}`);

describe('A webhook that cannot be verified is refused, and one that is verified is kept', () => {
  let server: TestServer;
  let norte: TestOrganization;
  beforeAll(async () => {
    server = await TestServer.start();
    norte = await createOrganization(server);
  });
  afterAll(() => server.dispose());

  const good = (): Request => inboundSms(server, { to: norte.number, body: 'MALO' });
  const changed = (change: (request: Request) => Partial<Request>) => (): Request => {
    const request = good();
    return { ...request, ...change(request) };
  };
  const signedBy = (change: Partial<Signer>, headers: Record<string, string> = {}): Request => {
    const { accountSid, authToken, publicUrl } = server;
    const request = inboundSms({ accountSid, authToken, publicUrl, ...change }, { to: norte.number, body: 'MALO' });
    return { ...request, headers: { ...request.headers, ...headers } };
  };
  const header = (name: string, value: string | undefined) =>
    changed(({ headers }) => ({
      headers: Object.fromEntries(Object.entries({ ...headers, [name]: value }).filter(([, v]) => v !== undefined)) as Request['headers'],
    }));

  it.each<[string, () => Request, number]>([
    ['without a signature', header('x-twilio-signature', undefined), 403],
    ['with an empty signature', header('x-twilio-signature', ''), 403],
    ['with a signature that is garbage', header('x-twilio-signature', 'AAAA'), 403],
    ['with a signature longer than any', header('x-twilio-signature', 'A'.repeat(4_000)), 403],
    ['with a changed body', changed(({ body }) => ({ body: Buffer.from(body!.toString().replace('MALO', 'PEOR')) })), 403],
    ['with a parameter more', changed(({ body }) => ({ body: Buffer.from(`${body!.toString()}&Extra=1`) })), 403],
    ['with half its body', changed(({ body }) => ({ body: body!.subarray(0, body!.length >> 1) })), 403],
    ['without its body', changed(() => ({ body: Buffer.alloc(0) })), 403],
    ['to a URL with another query', changed(({ path }) => ({ path: `${path}?a=1` })), 403],
    [
      'signed for another path',
      changed(({ body }) => ({
        headers: form(server, Object.fromEntries(new URLSearchParams(body!.toString())), '/api/webhooks/voip/twilio').headers,
      })),
      403,
    ],
    ['signed with the secret of another account', () => signedBy({ authToken: sid('SM') }), 403],
    [
      'signed for the host a forwarded header names',
      () => signedBy({ publicUrl: 'https://evil.example' }, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }),
      403,
    ],
    ['of another content type', header('content-type', 'text/plain'), 415],
    ['of XML', header('content-type', 'application/xml'), 415],
    ['of no content type', header('content-type', undefined), 415],
    ['with a Content-Encoding', header('content-encoding', 'gzip'), 415],
    [
      'that is compressed',
      changed(({ headers, body }) => ({ headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body!) })),
      415,
    ],
    [
      'unsigned and malformed',
      () => ({ method: 'POST', path: SMS_PATH, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"cut') }),
      403,
    ],
    [
      'unsigned and nested without end',
      () => ({
        method: 'POST',
        path: SMS_PATH,
        headers: { 'content-type': 'application/json', 'x-twilio-signature': 'AAAA' },
        body: NESTED,
      }),
      403,
    ],
    ['for a provider that does not carry the channel', changed(() => ({ path: '/api/webhooks/sms/sendgrid' })), 404],
    ['for a provider that is none', changed(() => ({ path: '/api/webhooks/sms/nobody' })), 404],
  ])('a delivery %s is refused, without saying what would have been right', async (_name, make, status) => {
    const answer = await post(server, make());
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(server.authToken);
    expect(answer.text).not.toMatch(INNER);
  });

  it.each(['voip', 'sms', 'whatsapp', 'email'])(
    'a delivery to %s that Twilio was told to send by GET is refused, and told how',
    async (channel) => {
      const path = `/api/webhooks/${channel}/twilio`;
      const { headers, body } = good();
      const answer = await post(server, { method: 'GET', path: `${path}?${body!.toString()}`, headers, body: undefined });
      expect([answer.status, answer.text]).toEqual([405, expect.stringContaining('by POST alone')]);
      expect((await post(server, { method: 'GET', path, headers: {}, body: undefined })).status).toBe(200);
    },
  );

  it('a delivery larger than is read is refused with 413, before its body has come', async () => {
    const request = http.request(server.url + SMS_PATH, { method: 'POST', headers: { ...good().headers, 'content-length': 3 << 20 } });
    request.on('error', () => undefined).flushHeaders();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    request.destroy();
    expect(answer.statusCode).toBe(413);
  });

  it.each(['content-length: 12582912', 'transfer-encoding: chunked'])(
    'who sends a delivery too large (%s) hears so, though it is still sending',
    async (framing) => {
      const isChunked = framing.endsWith('chunked');
      const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
      const problems: Error[] = [];
      let heard = '';
      socket.on('error', (error) => problems.push(error)).on('data', (data: Buffer) => (heard += data.toString()));
      const headers = Object.entries(good().headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST ${SMS_PATH} HTTP/1.1\r\nhost: x\r\n${headers.join('')}${framing}\r\n\r\n`);
      const piece = Buffer.alloc(1 << 20, 'x');
      for (let sent = 0; sent < 12; sent++) {
        socket.write(isChunked ? Buffer.concat([Buffer.from('100000\r\n'), piece, Buffer.from('\r\n')]) : piece);
        await setTimeout(20);
      }
      if (isChunked) socket.write('0\r\n\r\n');
      await until(() => heard !== '' || problems.length > 0);
      socket.destroy();
      expect({ heard: heard.split('\r\n', 1)[0], problems }).toEqual({ heard: 'HTTP/1.1 413 Payload Too Large', problems: [] });
    },
  );

  it('of everything refused nothing is an activity, and the log of it holds neither bodies nor headers', async () => {
    await post(server, header('x-twilio-signature', 'AAAA')());
    expect((await allActivities(server, norte.key, norte.id)).filter((activity) => /MALO|PEOR/.test(activity.body))).toEqual([]);
    const rejected = await deliveries(server, { states: ['REJECTED'] });
    expect(rejected.length).toBeGreaterThan(0);
    for (const one of rejected) expect(one).toMatchObject({ headers: {}, bodyBase64: '', activities: [] });
    const answer = await gql(server, server.adminKey, 'mutation($id: ID!) { replayDelivery(id: $id) { id } }', { id: rejected[0].id });
    expect(answer.errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'id' });
  });

  it.each<[string, Record<string, string>]>([
    ['says nothing', {}],
    ['has an empty id', { MessageSid: '' }],
    ['names neither side', { MessageSid: sid('SM'), SmsStatus: 'received', From: '', To: '' }],
    ['has an id longer than any', { MessageSid: 'x'.repeat(10_000), SmsStatus: 'received', From: '+34600111222' }],
    ['says a status that is none', { MessageSid: sid('SM'), MessageStatus: 'no-such-status', From: '+34600111222' }],
    ['has 5,000 parameters', Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`P${i}`, 'x']))],
    ['names a prototype', { 'constructor[prototype][x]': '1', MessageSid: '[object Object]' }],
  ])('a signed delivery that %s is answered 2xx and kept whole, to be run through again', async (_name, parameters) => {
    const request = form(server, parameters);
    expect(Math.floor((await post(server, request)).status / 100)).toBe(2);
    const [kept] = await deliveries(server);
    expect(kept.bodyBase64).toBe(request.body!.toString('base64'));
    expect(['FAILED', 'UNROUTED', 'UNMATCHED']).toContain(kept.state);
    expect(kept.error).toBeTruthy();
    const { replayDelivery } = await ask(
      server,
      server.adminKey,
      'mutation($id: ID!) { replayDelivery(id: $id) { id state bodyBase64 } }',
      { id: kept.id },
    );
    expect(replayDelivery).toEqual({ id: kept.id, state: kept.state, bodyBase64: kept.bodyBase64 });
  });

  it('a signed delivery of JSON that nests without end is answered 2xx and kept whole', async () => {
    const path = `${SMS_PATH}?bodySHA256=${createHash('sha256').update(NESTED).digest('hex')}`;
    const signature = getExpectedTwilioSignature(server.authToken, server.publicUrl + path, {});
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature };
    expect(Math.floor((await post(server, { method: 'POST', path, headers, body: NESTED })).status / 100)).toBe(2);
    const [kept] = await deliveries(server);
    expect([kept.state, kept.bodyBase64]).toEqual(['FAILED', NESTED.toString('base64')]);
  });

  it('a signed delivery with U+0000 and lone surrogates is stored, those replaced', async () => {
    const id = sid('SM');
    expect((await post(server, inboundSms(server, { sid: id, to: norte.number, body: 'a\u0000b\ud800c' }))).status).toBe(200);
    const [activity] = (await allActivities(server, norte.key, norte.id)).filter((one) => one.externalId === id);
    expect(activity.body).toMatch(/^a.?b.+c$/);
  });

  it.each([
    ['cannot be read', '/%'],
    ['has a part longer than any', `/media/${'a'.repeat(3000)}`],
    ['leads nowhere', '/nothing'],
  ])('a path that %s is refused as everything else is', async (_what, path) => {
    const response = await fetch(server.url + path);
    const body = (await response.json()) as object;
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(body).toEqual({ statusCode: response.status, error: expect.any(String) as string, requestId: expect.any(String) as string });
  });

  it('a provider without its secret is off: 404, and its door says so', async () => {
    const off = await TestServer.start({ besides: server, env: { TWILIO_AUTH_TOKEN: undefined } });
    try {
      expect((await post(off, good())).status).toBe(404);
      expect(await (await fetch(off.url + SMS_PATH)).json()).toEqual({ channel: 'SMS', provider: 'TWILIO', configured: false });
      expect(await (await fetch(server.url + SMS_PATH)).json()).toEqual({ channel: 'SMS', provider: 'TWILIO', configured: true });
    } finally {
      await off.dispose();
    }
  });
});
