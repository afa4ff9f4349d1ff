import { Ear, sendGridClient, startStandIn, type StandInWorld, twilioClient } from '../support/stand-in.js';
import { until } from '../support/until.js';

const [ALICE, OURS] = ['+12025550147', '+15005550006'];

describe('The stand-in, told to misbehave', () => {
  let world: StandInWorld;
  let ear: Ear;
  const standIn = () => world.standIn;
  beforeAll(async () => {
    ear = await Ear.start();
    world = await startStandIn({ publicUrl: ear.url, deliverTo: ear.url, stepMs: 1, retryMs: 1 });
  });
  beforeEach(async () => {
    await standIn().settle();
    ear.heard.length = 0;
    ear.answer = () => ({});
    standIn().behave();
    standIn().forget({ everything: true });
    standIn().configure({ webhooks: true, duplicates: false, shuffle: false, stepMs: 1 });
  });
  afterAll(async () => {
    await standIn().stop();
    await ear.stop();
  });

  const sms = (given: object = {}) =>
    twilioClient(world.secrets, standIn().url).messages.create({
      to: ALICE,
      from: OURS,
      body: 'a',
      statusCallback: `${ear.url}/back#rc=5&rp=all`,
      ...given,
    });
  const email = () =>
    sendGridClient(world.secrets, standIn().url).request({
      method: 'POST',
      url: '/v3/mail/send',
      body: {
        personalizations: [{ to: [{ email: 'ana@example.com' }] }],
        from: { email: 'a@b.example' },
        subject: 'a',
        content: [{ type: 'text/plain', value: 'a' }],
      },
    });
  const whatsApp = () =>
    fetch(`${standIn().url}/v26.0/106540352242922/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.secrets.WHATSAPP_ACCESS_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: ALICE, type: 'text', text: { body: 'hola' } }),
    });
  const counts = () => [standIn().sends().length, standIn().accepted.length];
  const words = () => ear.forms().map(({ MessageStatus }) => MessageStatus);

  it('answers 500 to as many requests as it was told, in the words of each provider, and takes none of them', async () => {
    standIn().misbehave({ kind: 'ERROR', times: 3 });
    await expect(sms()).rejects.toMatchObject({ status: 500, code: 20500 });
    await expect(email()).rejects.toMatchObject({ code: 500, response: { body: { errors: [{ field: null }] } } });
    const answer = await whatsApp();
    expect([answer.status, await answer.json()]).toEqual([500, { error: expect.objectContaining({ code: 2 }) }]);
    expect(counts()).toEqual([3, 0]);
    expect((await whatsApp()).status).toBe(200);
    expect(counts()).toEqual([4, 1]);
  });

  it('answers 503 and takes the request nevertheless, where it is told so', async () => {
    standIn().misbehave({ kind: 'ERROR', status: 503, takesEffect: true });
    await expect(sms()).rejects.toMatchObject({ status: 503, code: 20503 });
    await standIn().settle();
    expect([counts(), words()]).toEqual([
      [1, 1],
      ['sent', 'delivered'],
    ]);
  });

  it('says 429 with the headers of each provider', async () => {
    standIn().misbehave({ kind: 'RATE_LIMIT', times: 3, retryAfterSeconds: 7 });
    await expect(sms()).rejects.toMatchObject({ status: 429, code: 20429 });
    const reset = expect.stringMatching(/^\d{10}$/);
    const headers = { 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    await expect(email()).rejects.toMatchObject({ code: 429, response: { headers } });
    const answer = await whatsApp();
    expect([answer.status, answer.headers.get('retry-after'), ((await answer.json()) as any).error.code]).toEqual([429, '7', 130429]); // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is Meta's
    expect(counts()).toEqual([3, 0]);
  });

  it('answers late', async () => {
    standIn().misbehave({ kind: 'DELAY', ms: 150 });
    const begunAt = performance.now();
    await sms();
    expect(performance.now() - begunAt).toBeGreaterThan(140);
  });

  it('closes the connection before it reads the body: nothing was asked', async () => {
    standIn().misbehave({ kind: 'CLOSE' });
    await expect(whatsApp()).rejects.toThrow('fetch failed');
    expect(standIn().sends()).toMatchObject([{ parameters: null, status: null, misbehavior: 'CLOSE' }]);
    expect(counts()).toEqual([1, 0]);
  });

  it.each([
    [true, 1, ['sent', 'delivered']],
    [false, 0, []],
  ])('resets the connection after the body was read, without an answer; takesEffect: %s', async (takesEffect, taken, statuses) => {
    standIn().misbehave({ kind: 'RESET', takesEffect });
    await expect(sms()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await standIn().settle();
    expect(standIn().sends()).toMatchObject([{ parameters: { To: ALICE }, status: null, misbehavior: 'RESET' }]);
    expect([counts(), words()]).toEqual([[1, taken], statuses]);
  });

  it.each([true, false])('takes a request and never answers; takesEffect: %s', async (takesEffect) => {
    standIn().misbehave({ kind: 'HANG', takesEffect });
    const response = fetch(`${standIn().url}/v3/mail/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.secrets.SENDGRID_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        personalizations: [{ to: [{ email: 'ana@example.com' }] }],
        from: { email: 'a@b.example' },
        subject: 'a',
        content: [{ type: 'text/plain', value: 'a' }],
      }),
      signal: AbortSignal.timeout(200),
    });
    await expect(response).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(counts()).toEqual([1, takesEffect ? 1 : 0]);
    expect(standIn().sends()).toMatchObject([{ status: null, misbehavior: 'HANG' }]);
  });

  it('calls back before it answers', async () => {
    standIn().configure({ stepMs: 30 });
    let answered = false;
    const heardBefore: boolean[] = [];
    ear.answer = () => (heardBefore.push(!answered), {});
    standIn().misbehave({ kind: 'CALLBACK_FIRST' });
    await sms();
    answered = true;
    await standIn().settle();
    expect(heardBefore).toEqual([true, false]);
  });

  it('misbehaves to the requests that it was told to, and lists what is left', async () => {
    standIn().misbehave({ kind: 'ERROR', provider: 'SENDGRID' });
    standIn().misbehave({ kind: 'ERROR', path: '/Calls.json' });
    standIn().misbehave({ kind: 'ERROR', method: 'GET', times: 0 });
    await sms();
    const client = twilioClient(world.secrets, standIn().url);
    for (let i = 0; i < 3; i++) await expect(client.messages.list()).rejects.toMatchObject({ status: 500 });
    await expect(email()).rejects.toMatchObject({ code: 500 });
    await email();
  });

  it('makes no callbacks while its webhooks are off, and what became of a message is in its list', async () => {
    standIn().configure({ webhooks: false });
    const { sid } = await sms();
    standIn().act({ from: ALICE, to: OURS, body: 'lost' });
    await standIn().settle();
    expect(ear.heard).toEqual([]);
    const client = twilioClient(world.secrets, standIn().url);
    expect((await client.messages(sid).fetch()).status).toBe('delivered');
    expect(await client.messages.list({ to: OURS })).toMatchObject([{ body: 'lost' }]);
  });

  it('calls back twice, in any order', async () => {
    standIn().configure({ duplicates: true, shuffle: true });
    const orders = new Set<string>();
    for (let i = 0; i < 12; i++) {
      ear.heard.length = 0;
      await sms();
      await standIn().settle();
      expect([...words()].sort()).toEqual(['delivered', 'delivered', 'sent', 'sent']);
      orders.add(words().join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it('repeats a callback as the fragment of its URL says, with the same token, and without one only where the connection failed', async () => {
    let times = 0;
    ear.answer = () => (++times <= 3 ? { status: 503 } : {});
    await sms({ statusCallback: `${ear.url}/back#rc=5&rp=5xx` });
    await standIn().settle();
    expect(words()).toEqual(['sent', 'sent', 'sent', 'sent', 'delivered']);
    expect(new Set(ear.heard.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(2);
    expect(standIn().callbacks.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 503],
      [2, 503],
      [3, 503],
      [4, 200],
      [1, 200],
    ]);
    [times, ear.heard.length] = [0, 0];
    await sms({ statusCallback: `${ear.url}/back` });
    await standIn().settle();
    expect(words()).toEqual(['sent', 'delivered']);
    [times, ear.heard.length] = [0, 0];
    ear.answer = () => (++times <= 1 ? 'destroy' : {});
    await sms({ statusCallback: `${ear.url}/back` });
    await standIn().settle();
    expect(words()).toEqual(['sent', 'sent', 'delivered']);
  });

  it('goes on with a notification of Meta and a batch of SendGrid until it is taken', async () => {
    let times = 0;
    ear.answer = () => (++times <= 4 ? { status: 503 } : {});
    await email();
    await standIn().settle();
    expect(ear.heard.length).toBe(3 + 4);
    times = 0;
    await whatsApp();
    await standIn().settle();
    expect(ear.heard.length).toBe(2 * (3 + 4));
  });

  it('refuses connections while it is away, and is back at the same address', async () => {
    const { url } = standIn();
    await standIn().goAway();
    await expect(sms()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await standIn().comeBack();
    expect(standIn().url).toBe(url);
    await sms();
    expect(counts()).toEqual([1, 1]);
  });

  it('takes the same orders over HTTP, from this machine and from no web page', async () => {
    const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
      const response = await fetch(`${standIn().url}/_sandbox/${path}`, { method, headers, ...init });
      const text = await response.text();
      return { status: response.status, body: text && JSON.parse(text) };
    };
    expect(await ask('POST', 'misbehavior', { kind: 'ERROR', times: 2 })).toEqual({ status: 200, body: [{ kind: 'ERROR', times: 2 }] });
    await expect(sms()).rejects.toMatchObject({ status: 500 });
    expect((await ask('GET', 'misbehavior')).body).toEqual([{ kind: 'ERROR', times: 1 }]);
    expect((await ask('DELETE', 'misbehavior')).status).toBe(204);
    expect((await ask('PATCH', 'settings', { duplicates: true })).body).toMatchObject({ duplicates: true, stepMs: 1 });
    await sms();
    await standIn().settle();
    expect((await ask('GET', 'requests')).body).toMatchObject([
      { provider: 'TWILIO', method: 'POST', parameters: { To: ALICE, Body: 'a' }, status: 500, misbehavior: 'ERROR' },
      { status: 201, misbehavior: null, at: expect.stringMatching(/Z$/) },
    ]);
    expect((await ask('GET', 'accepted')).body).toMatchObject([{ kind: 'MESSAGE', to: ALICE, from: OURS, text: 'a' }]);
    expect((await ask('GET', 'callbacks')).body).toHaveLength(4);
    expect((await ask('DELETE', 'requests')).status).toBe(204);
    expect((await ask('GET', 'requests')).body).toEqual([]);
    const written = await ask('POST', 'person', { from: ALICE, to: OURS, body: 'hola' });
    expect(written).toEqual({ status: 200, body: { id: expect.stringMatching(/^SM/) } });
    await until(() => ear.forms('/api/webhooks/sms/twilio').length === 2);
    for (const [path, body] of [
      ['misbehavior', { kind: 'SULK' }],
      ['misbehavior', { kind: 'ERROR', status: 200 }],
      ['misbehavior', {}],
      ['person', { from: ALICE }],
      ['person', { from: ALICE, to: OURS, channel: 'EMAIL', provider: 'META' }],
    ] as const)
      expect(await ask('POST', path, body)).toEqual({ status: 400, body: { error: expect.any(String) } });
    for (const settings of [{ mood: 1 }, { stepMs: '1' }, { stepMs: -1 }, { publicUrl: 'no address' }, []])
      expect((await ask('PATCH', 'settings', settings)).status).toBe(400);
    expect((await ask('GET', 'requests', undefined, { origin: 'http://localhost:3000' })).status).toBe(403);
  });

  it('answers what it does not know as whose path it is', async () => {
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(standIn().url + path, { headers });
      return [response.status, await response.json()];
    };
    expect(await get('/v3/nothing')).toEqual([404, { errors: [expect.objectContaining({ field: null })] }]);
    expect(await get('/2010-04-01/Nothing.json')).toEqual([404, expect.objectContaining({ code: 20404 })]);
    expect(await get('/v26.0/a/b/c')).toEqual([404, { error: expect.objectContaining({ code: 100 }) }]);
    const broken = await fetch(`${standIn().url}/v3/mail/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.secrets.SENDGRID_API_KEY}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect([broken.status, await broken.json()]).toEqual([400, { errors: [expect.objectContaining({ field: null })] }]);
  });
});
