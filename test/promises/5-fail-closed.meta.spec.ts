import { fromPerson, META_PATH, META_SECRETS, notification, phoneNumberId, signed, wamid } from '../factories/meta.js';
import { allActivities, deliveries } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';

const TOKEN = META_SECRETS.WHATSAPP_VERIFY_TOKEN;
const RIGHT = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${TOKEN}`;

describe('Meta', () => {
  const number = phoneNumberId();
  let server: TestServer;
  let off: TestServer;
  let strict: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ env: { ...META_SECRETS, WHATSAPP_PHONE_NUMBER_ID: number } });
    off = await TestServer.start({ besides: server });
    strict = await TestServer.start({ besides: server, env: { ...META_SECRETS, RATE_LIMIT_REFUSED: '1/3' } });
  });
  afterAll(async () => {
    await strict.dispose();
    await off.dispose();
    await server.dispose();
  });

  const ask = (to: TestServer, query: string) => post(to, { method: 'GET', path: `${META_PATH}?${query}`, headers: {}, body: undefined });
  const text = (body: string) => fromPerson(number, { id: wamid(), type: 'text', text: { body } });

  it('gives organization 1 the number that the environment names', async () => {
    expect((await post(server, text('por el entorno'))).status).toBe(200);
    const all = await allActivities(server, server.adminKey, '1', 'body provider');
    expect(all).toContainEqual({ body: 'por el entorno', provider: 'META' });
  });

  it.each([
    `${RIGHT}&hub.mode=subscribe`,
    `${RIGHT}&hub.challenge=2`,
    `${RIGHT}&hub.verify_token=nope`,
    `x=1&${RIGHT}`,
    RIGHT.replaceAll('.', '%2E'),
  ])('is told its challenge by the query %s', async (query) => {
    const answer = await ask(server, query);
    expect([answer.status, answer.text, answer.contentType]).toEqual([200, '1158201444', expect.stringMatching(/^text\/plain/)]);
  });

  it.each([
    [403, 'hub.mode=subscribe&hub.mode=subscribe'],
    [403, `hub.verify_token=a&${RIGHT}`],
    [403, RIGHT.replace('hub.mode=subscribe', 'hub.mode=')],
    [403, RIGHT.replace(TOKEN, `${TOKEN}%00`)],
    [200, 'hub.mode[]=subscribe'],
    [200, 'hub[mode]=subscribe'],
    [200, '__proto__[hub.mode]=subscribe&%zz=%'],
    [200, ''],
  ])('answers %i and nothing of use to the query %s', async (status, query) => {
    const answer = await ask(server, query);
    expect(answer.status).toBe(status);
    expect(answer.contentType).toMatch(/^application\/json/);
    expect(answer.text).not.toContain(TOKEN);
    expect(answer.text).not.toContain('1158201444');
  });

  it('has a right challenge answered however many wrong ones came before', async () => {
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push(await ask(strict, RIGHT.replace(TOKEN, `wrong-${i}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403, 429]));
    expect(Number(answers.at(-1)!.retryAfter)).toBeGreaterThanOrEqual(1);
    for (let i = 0; i < 5; i++) expect((await ask(strict, RIGHT)).status).toBe(200);
  });

  it('is 404 while it has no secret, to a challenge and to a delivery, and says so to whoever looks', async () => {
    expect((await post(off, text('nobody'))).status).toBe(404);
    expect((await ask(off, RIGHT)).status).toBe(404);
    expect(JSON.parse((await ask(off, '')).text)).toEqual({ channel: 'WHATSAPP', provider: 'META', configured: false });
    expect(
      (await post(server, { method: 'GET', path: `/api/webhooks/whatsapp/twilio?${RIGHT}`, headers: {}, body: undefined })).text,
    ).not.toContain('1158201444');
  });

  it('may send 3 MB at once, thousands of items, and no more than 4', async () => {
    const list = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        id: `wamid.big${i}`,
        status: 'sent',
        timestamp: '1795510205',
        recipient_id: `1202555${i}`,
      }));
    const large = notification(number, { statuses: list(2_000), padding: 'x'.repeat(2_900_000) });
    expect(large.body!.length).toBeGreaterThan(3_000_000);
    expect((await post(server, large)).status).toBe(200);
    const [kept] = await deliveries(server, { states: ['PROCESSED'] });
    expect(kept.activities).toHaveLength(2_000);
    expect((await post(server, signed(Buffer.alloc(5 << 20, ' ')))).status).toBe(413);
  });
});
