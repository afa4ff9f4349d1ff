import { randomBytes, randomUUID } from 'node:crypto';
import { entryOf, META_PATH, META_SECRETS, notificationOf, phoneNumberId, wamid } from '../factories/meta.js';
import { createKey, type TestOrganization } from '../factories/organization.js';
import { INBOUND, inboundMail, makeKeys, sendGridEvents, type SendGridKeys, signatureHeaders } from '../factories/sendgrid.js';
import { insertSentEmails } from '../factories/sent-email.js';
import { takeAway } from '../support/database.js';
import { allActivities, ask, deliveries, gql } from '../support/graphql.js';
import { MediaHost, PNG } from '../support/media-host.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const KEYS = makeKeys();
const CREATE = `mutation($o: ID!, $p: Provider!, $a: String!, $s: JSON!) {
  createProviderAccount(organizationId: $o, provider: $p, accountId: $a, secrets: $s) { id }
}`;
const REMOVE = 'mutation($id: ID!) { removeProviderAccount(id: $id) }';

interface Tenant extends Pick<TestOrganization, 'id' | 'key'> {
  readonly phone: string;
  readonly domain: string;
}

describe('What a provider account of Meta or SendGrid signed is written for its organization alone', () => {
  let server: TestServer;
  let other: TestServer;
  let graph: MediaHost;
  let norte: Tenant;
  let sur: Tenant;
  beforeAll(async () => {
    graph = await MediaHost.start();
    const env = {
      ...META_SECRETS,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      SENDGRID_WEBHOOK_KEY: KEYS.publicKey,
      WHATSAPP_BASE_URL: graph.origin,
    };
    server = await TestServer.start({ env });
    other = await TestServer.start({ besides: server, env });
    [norte, sur] = [await tenant('norte'), await tenant('sur')];
  });
  afterAll(async () => {
    await other.dispose();
    await server.dispose();
    await graph.stop();
  });

  const administer = (query: string, variables: Record<string, unknown>) => ask(server, server.adminKey, query, variables);
  const createSender = (o: string, c: string, a: string, p: string) =>
    administer(
      'mutation($o: ID!, $c: Channel!, $a: String!, $p: Provider!) { createSender(organizationId: $o, channel: $c, address: $a, provider: $p) { id } }',
      { o, c, a, p },
    );
  async function tenant(name: string): Promise<Tenant> {
    const [id, phone, domain] = [name, phoneNumberId(), `${name}.example`];
    await administer('mutation($id: ID!) { createOrganization(id: $id, name: "of the accounts") { id } }', { id });
    await createSender(id, 'WHATSAPP', phone, 'META');
    await createSender(id, 'EMAIL', domain, 'SENDGRID');
    return { id, phone, domain, key: await createKey(server, id) };
  }
  const add = async (organization: Tenant, provider: string, accountId: string, secrets: Record<string, string>): Promise<string> =>
    (await administer(CREATE, { o: organization.id, p: provider, a: accountId, s: secrets })).createProviderAccount.id;
  const of = async ({ id, key }: Tenant, externalId: string) =>
    (await allActivities(server, key, id, 'externalId status body attachments { id state }')).filter(
      (activity) => activity.externalId === externalId,
    );
  const stateOf = async (text: string): Promise<string[]> =>
    (await deliveries(server)).filter((kept) => kept.bodyText?.includes(text)).map((kept) => kept.state);

  describe('Meta', () => {
    interface Account {
      readonly id: string;
      readonly waba: string;
      readonly secret: string;
      readonly verifyToken: string;
    }
    const waba = () => `1${String(randomBytes(6).readUIntBE(0, 6)).padStart(14, '0').slice(-14)}`;
    const addMeta = async (organization: Tenant, more: Record<string, string> = {}): Promise<Account> => {
      const account = { waba: waba(), secret: randomBytes(16).toString('hex'), verifyToken: randomBytes(12).toString('hex') };
      const secrets = { appSecret: account.secret, verifyToken: account.verifyToken, ...more };
      return { ...account, id: await add(organization, 'META', account.waba, secrets) };
    };
    const message = (id: string, content: object = { type: 'text', text: { body: 'hola' } }) => ({
      contacts: [{ profile: { name: 'Ana' }, wa_id: '12025550147' }],
      messages: [{ id, from: '12025550147', timestamp: '1795510200', ...content }],
    });
    const say = (account: string, phone: string, id: string, secret?: string, content?: object) =>
      notificationOf([entryOf(account, phone, message(id, content))], secret);

    it('is recorded where it names a number of that organization, on whatever process it comes', async () => {
      const account = await addMeta(norte);
      for (const at of [server, other]) {
        const id = wamid();
        expect((await post(at, say(account.waba, norte.phone, id, account.secret))).status).toBe(200);
        expect(await of(norte, id)).toMatchObject([{ status: 'RECEIVED', body: 'hola' }]);
      }
    });

    it('is UNROUTED where it names a number of another, and changes nothing that is another’s', async () => {
      const account = await addMeta(norte);
      const [theirs, made] = [wamid(), wamid()];
      await post(server, say(waba(), sur.phone, theirs));
      const status = { statuses: [{ id: theirs, status: 'read', timestamp: '1795510205', recipient_id: '12025550147' }] };
      expect((await post(server, say(account.waba, sur.phone, made, account.secret))).status).toBe(200);
      expect((await post(server, notificationOf([entryOf(account.waba, sur.phone, status)], account.secret))).status).toBe(200);
      expect([await of(sur, made), await of(norte, made), await stateOf(made)]).toEqual([[], [], ['UNROUTED']]);
      expect(await of(sur, theirs)).toMatchObject([{ status: 'RECEIVED' }]);
    });

    it('of several accounts in one request is the first’s that signed it: of the others’ organizations nothing is written', async () => {
      const secret = randomBytes(16).toString('hex');
      const [mine, theirs] = [await addMeta(norte, { appSecret: secret }), await addMeta(sur, { appSecret: secret })];
      const [id, crossing] = [wamid(), wamid()];
      const entries = [entryOf(mine.waba, norte.phone, message(id)), entryOf(theirs.waba, sur.phone, message(crossing))];
      expect((await post(server, notificationOf([{ id: waba(), changes: [] }, ...entries], secret))).status).toBe(200);
      expect([(await of(norte, id)).length, await of(sur, crossing), await stateOf(crossing)]).toEqual([1, [], ['PARTIAL']]);
    });

    it('is refused where another’s secret signed it, and where it names no account that is known', async () => {
      const [mine, theirs] = [await addMeta(norte), await addMeta(sur)];
      for (const forged of [
        say(mine.waba, norte.phone, wamid(), theirs.secret),
        say(waba(), norte.phone, wamid(), mine.secret),
        notificationOf([], mine.secret),
        notificationOf([{ id: `${mine.waba} `, changes: [] }], mine.secret),
        notificationOf(
          Array.from({ length: 5_000 }, () => ({ id: waba(), changes: [] })),
          mine.secret,
        ),
      ])
        expect((await post(server, forged)).status).toBe(403);
    });

    it('is the environment’s where the environment’s secret signed it, whatever account it names', async () => {
      const account = await addMeta(norte);
      const id = wamid();
      expect((await post(server, say(account.waba, sur.phone, id))).status).toBe(200);
      expect(await of(sur, id)).toHaveLength(1);
      const [kept] = await server.database.query(
        'select account_id, serves_only from delivery where position(convert_to($1, $2) in body) > 0',
        [id, 'UTF8'],
      );
      expect(kept).toEqual({ account_id: '', serves_only: null });
    });

    it('asks to subscribe with the verify token of any account', async () => {
      const account = await addMeta(norte);
      const challenge = async (token: string) => {
        const answer = await fetch(`${server.url}${META_PATH}?hub.mode=subscribe&hub.challenge=115&hub.verify_token=${token}`);
        return [answer.status, await answer.text()];
      };
      expect(await challenge(account.verifyToken)).toEqual([200, '115']);
      expect(await challenge(META_SECRETS.WHATSAPP_VERIFY_TOKEN)).toEqual([200, '115']);
      expect((await challenge(account.verifyToken.slice(1)))[0]).toBe(403);
      await administer(REMOVE, { id: account.id });
      expect((await challenge(account.verifyToken))[0]).toBe(403);
    });

    it('asks to subscribe on another process as soon as it was added', async () => {
      const challenge = async (token: string) =>
        (await fetch(`${other.url}${META_PATH}?hub.mode=subscribe&hub.challenge=115&hub.verify_token=${token}`)).status;
      expect(await challenge('of-nobody')).toBe(403); // what the other process knows from now on
      const account = await addMeta(norte);
      await until(async () => (await challenge(account.verifyToken)) === 200, { ms: 1_000, what: 'the account on another process' });
    });

    it('has its files asked for with its own access token', async () => {
      const account = await addMeta(norte, { accessToken: 'EAA-of-norte-alone' });
      graph.on('/v26.0/778899', (_request, response) => void response.end(JSON.stringify({ url: `${graph.origin}/file` })));
      graph.serves('/file', PNG, 'image/png');
      const id = wamid();
      const image = { type: 'image', image: { id: '778899', mime_type: 'image/png', sha256: '' } };
      await post(server, say(account.waba, norte.phone, id, account.secret, image));
      await until(async () => (await of(norte, id))[0]?.attachments[0]?.state === 'READY', { what: 'the file' });
      expect(graph.asked.map(({ authorization }) => authorization)).toEqual(Array(2).fill('Bearer EAA-of-norte-alone'));
    });

    it('is refused once the account was removed, and is 503 while it cannot be looked up', async () => {
      const [account, fresh] = [await addMeta(norte), await addMeta(norte)];
      const send = ({ waba: named, secret }: Account, at = server) => post(at, say(named, norte.phone, wamid(), secret));
      expect((await send(account)).status).toBe(200);
      await administer(REMOVE, { id: account.id });
      expect((await send(account)).status).toBe(403);
      const giveBack = await takeAway(server.database);
      const answer = await send(fresh, other).finally(giveBack);
      expect(answer.status).toBe(503);
      await until(async () => (await send(fresh, other)).status === 200, { ms: 15_000 });
    });
  });

  describe('SendGrid', () => {
    interface Account {
      readonly id: string;
      readonly accountId: string;
      readonly keys: SendGridKeys;
    }
    const addSendGrid = async (organization: Tenant, keys = makeKeys()): Promise<Account> => {
      const accountId = `sub.${randomBytes(4).toString('hex')}`;
      return { accountId, keys, id: await add(organization, 'SENDGRID', accountId, { webhookKey: keys.publicKey }) };
    };
    const mailTo = (domain: string, text: string, id: string = randomUUID()) => ({
      headers: `Message-ID: <${id}>\r\nFrom: Ana <ana@cliente.example>\r\n`,
      subject: 'asunto',
      text,
      envelope: JSON.stringify({ to: [`hola@${domain}`], from: 'ana@cliente.example' }),
    });
    const sent = async (organization: Tenant, accountId?: string) => {
      const email = {
        id: randomUUID(),
        organization: organization.id,
        externalId: randomBytes(16).toString('base64url'),
        from: `hola@${organization.domain}`,
        to: 'ana@cliente.example',
      };
      await insertSentEmails(server.database, [email], accountId);
      return email;
    };
    const delivered = ({ id, externalId, to }: Awaited<ReturnType<typeof sent>>, named = true) => ({
      email: to,
      event: 'delivered',
      timestamp: 1_795_510_200,
      sg_event_id: randomUUID(),
      sg_message_id: `${externalId}.recvd-1-2.0`,
      ...(named && { centralita_activity: id }),
    });

    it('moves the mails that were sent by that account, by our id and by its own', async () => {
      const account = await addSendGrid(norte);
      for (const named of [true, false]) {
        const email = await sent(norte, account.accountId);
        expect((await post(server, sendGridEvents(account.keys, [delivered(email, named)]))).status).toBe(204);
        expect(await of(norte, email.externalId)).toMatchObject([{ status: 'DELIVERED' }]);
      }
    });

    it('moves none of another, whatever id it names, and none of the environment’s by SendGrid’s id', async () => {
      const account = await addSendGrid(norte);
      const [theirs, ours] = [await sent(sur), await sent(norte)];
      expect(
        (await post(server, sendGridEvents(account.keys, [delivered(theirs), delivered(theirs, false), delivered(ours, false)]))).status,
      ).toBe(204);
      expect([await of(sur, theirs.externalId), await of(norte, ours.externalId)]).toMatchObject([
        [{ status: 'SENT' }],
        [{ status: 'SENT' }],
      ]);
      expect(await stateOf(theirs.externalId)).toEqual(['UNROUTED']);
    });

    it('brings the mails that come in to that organization, and keeps those to another unrouted', async () => {
      const account = await addSendGrid(norte);
      const [mine, theirs] = [randomUUID(), randomUUID()];
      for (const [domain, id] of [
        [norte.domain, mine],
        [sur.domain, theirs],
      ] as const)
        expect((await post(server, inboundMail(account.keys, mailTo(domain, id, id)))).status).toBe(204);
      expect([await of(norte, mine), await of(sur, theirs), await stateOf(theirs)]).toMatchObject([
        [{ status: 'RECEIVED' }],
        [],
        ['UNROUTED'],
      ]);
    });

    it('is the environment’s where the environment’s key signed it', async () => {
      const id = randomUUID();
      expect((await post(server, inboundMail(KEYS, mailTo(sur.domain, id, id)))).status).toBe(204);
      expect(await of(sur, id)).toHaveLength(1);
    });

    it('is signed by any of an account’s keys', async () => {
      const [events, mails] = [makeKeys(), makeKeys()];
      await addSendGrid(norte, { ...events, publicKey: `${events.publicKey},${mails.publicKey}` });
      const id = randomUUID();
      expect((await post(server, inboundMail(mails, mailTo(norte.domain, id, id)))).status).toBe(204);
      expect((await post(server, sendGridEvents(events, []))).status).toBe(204);
      expect(await of(norte, id)).toHaveLength(1);
    });

    it('is refused where nobody known signed it, and where it was signed too long ago, which it says', async () => {
      const account = await addSendGrid(norte);
      expect(await post(server, sendGridEvents(makeKeys(), []))).toMatchObject({
        status: 403,
        text: expect.stringContaining('does not hold'),
      });
      const request = sendGridEvents(account.keys, []);
      const old = signatureHeaders(account.keys.privateKey, request.body!, 5 * 24 * 3600);
      expect(await post(server, { ...request, headers: { ...request.headers, ...old } })).toMatchObject({
        status: 403,
        text: expect.stringContaining('four days'),
      });
      const unsigned = {
        ...inboundMail(account.keys, mailTo(norte.domain, 'x')),
        headers: { 'content-type': 'multipart/form-data; boundary=xYzZY' },
      };
      expect(unsigned.path).toBe(INBOUND);
      expect((await post(server, unsigned)).status).toBe(403);
    });

    it('is known, and refused once it was removed, at once here and within seconds on other processes', async () => {
      const account = await addSendGrid(norte);
      const send = async (at: TestServer) => (await post(at, sendGridEvents(account.keys, []))).status;
      expect(await send(server)).toBe(204);
      await until(async () => (await send(other)) === 204, { ms: 5_000, what: 'the account' });
      await administer(REMOVE, { id: account.id });
      expect(await send(server)).toBe(403);
      await until(async () => (await send(other)) === 403, { ms: 5_000, what: 'the end of the account' });
    });

    it('is 503, to be sent again, while the accounts cannot be looked up', async () => {
      const account = await addSendGrid(norte);
      await until(async () => (await post(other, sendGridEvents(account.keys, []))).status === 204, { ms: 5_000 });
      const giveBack = await takeAway(server.database);
      try {
        await until(async () => (await post(other, sendGridEvents(account.keys, []))).status === 503, { ms: 8_000, what: 'a 503' });
      } finally {
        await giveBack();
      }
      await until(async () => (await post(other, sendGridEvents(account.keys, []))).status === 204, { ms: 15_000 });
    });

    it('is what another process sends by as soon as it was added, and no more once it was removed', async () => {
      const { id, key, domain } = await tenant('oeste');
      const query =
        'query($o: ID!, $f: String) { sendability(organizationId: $o, channel: EMAIL, from: $f, to: "ana@cliente.example") { code } }';
      const code = async () => (await ask(other, key, query, { o: id, f: `hola@${domain}` })).sendability.code;
      expect(await code()).toBe('PROVIDER_NOT_CONFIGURED'); // the environment's cannot send
      const secrets = { webhookKey: makeKeys().publicKey, apiKey: `SG.${'a'.repeat(40)}` };
      const account = await add({ id, key, domain, phone: '' }, 'SENDGRID', `sub.${randomBytes(4).toString('hex')}`, secrets);
      await until(async () => (await code()) === null, { ms: 1_000, what: 'the account on another process' });
      await administer(REMOVE, { id: account });
      await until(async () => (await code()) === 'PROVIDER_NOT_CONFIGURED', { ms: 1_000, what: 'its end there' });
    });

    it('cannot be called what the environment’s is called here', async () => {
      const answer = await gql(server, server.adminKey, CREATE, {
        o: norte.id,
        p: 'SENDGRID',
        a: 'default',
        s: { webhookKey: makeKeys().publicKey },
      });
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'accountId' });
    });
  });
});
