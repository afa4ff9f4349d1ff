import { createHash, randomBytes } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { form, inboundSms, type Request, sid, type Signer, SMS_PATH, smsStatus } from '../factories/twilio.js';
import { takeAway } from '../support/database.js';
import { allActivities, ask, deliveries, gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const SECRETS_KEY = randomBytes(32).toString('base64');
const CREATE = `mutation($o: ID!, $p: Provider = TWILIO, $a: String!, $s: JSON!, $l: String) {
  createProviderAccount(organizationId: $o, provider: $p, accountId: $a, secrets: $s, label: $l) { id organizationId provider accountId label createdAt }
}`;
const REMOVE = 'mutation($id: ID!) { removeProviderAccount(id: $id) }';

describe('What a provider account signed is written for the organization it serves, and for no other', () => {
  let server: ServerProcess;
  let other: ServerProcess;
  let norte: TestOrganization;
  let sur: TestOrganization;
  /** norte's subaccount. */
  let account: Signer & { readonly id: string };

  beforeAll(async () => {
    server = await ServerProcess.start({ env: { SECRETS_KEY } });
    other = await ServerProcess.start({ besides: server, env: { SECRETS_KEY } });
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
    account = await add(norte);
  });
  afterAll(async () => {
    await other.dispose();
    await server.dispose();
  });

  async function add(organization: TestOrganization): Promise<Signer & { id: string }> {
    const [accountSid, authToken] = [`AC${randomBytes(16).toString('hex')}`, randomBytes(16).toString('hex')];
    const { createProviderAccount } = await ask(server, server.adminKey, CREATE, {
      o: organization.id,
      a: accountSid,
      s: { authToken },
    });
    return { id: createProviderAccount.id, accountSid, authToken, publicUrl: server.publicUrl };
  }
  const stateOf = async (id: string): Promise<string[]> =>
    (await deliveries(server)).filter((kept) => kept.bodyText?.includes(id)).map((kept) => kept.state);
  const of = async (organization: TestOrganization, id: string) =>
    (await allActivities(server, organization.key, organization.id)).filter((activity) => activity.externalId === id);

  it('is recorded where it names a number of that organization, on whatever process it comes', async () => {
    for (const at of [server, other]) {
      const id = sid('SM');
      expect((await post(at, inboundSms(account, { sid: id, to: norte.number }))).status).toBe(200);
      expect(await of(norte, id)).toMatchObject([{ status: 'RECEIVED' }]);
    }
  });

  it('writes nothing for another whose number it names: it is kept as UNROUTED, and says why', async () => {
    const id = sid('SM');
    expect((await post(server, inboundSms(account, { sid: id, to: sur.number }))).status).toBe(200);
    expect([await of(sur, id), await of(norte, id), await stateOf(id)]).toEqual([[], [], ['UNROUTED']]);
    const [kept] = (await deliveries(server, { states: ['UNROUTED'] })).filter((one) => one.bodyText.includes(id));
    expect(kept.error).toContain('does not serve');
  });

  it("writes nothing to an activity of another whose id it names: that id, too, is the account's own", async () => {
    const id = sid('SM');
    await post(server, inboundSms(server, { sid: id, to: sur.number, body: 'de sur' }));
    const before = await of(sur, id);
    await post(server, smsStatus(account, { sid: id, status: 'delivered', from: sur.number }));
    await post(server, inboundSms(account, { sid: id, to: norte.number, body: 'de norte' }));
    expect(await of(sur, id)).toEqual(before);
    expect((await of(norte, id)).map((activity) => activity.body)).toEqual(['de norte']);
  });

  it('is not what DEFAULT_ORGANIZATION takes for another', async () => {
    const taking = await ServerProcess.start({ besides: server, env: { SECRETS_KEY, DEFAULT_ORGANIZATION: sur.id } });
    const [own, theirs] = [sid('SM'), sid('SM')];
    await post(taking, inboundSms(server, { sid: own, to: '+14155550190' }));
    await post(taking, inboundSms(account, { sid: theirs, to: '+14155550190' }));
    await taking.dispose();
    expect([(await of(sur, own)).length, await of(sur, theirs), await stateOf(theirs)]).toEqual([1, [], ['UNROUTED']]);
  });

  it('is believed in JSON as in a form', async () => {
    const id = sid('SM');
    const json = (signer: Signer) => {
      const body = Buffer.from(
        JSON.stringify({ AccountSid: account.accountSid, MessageSid: id, SmsStatus: 'received', From: '+34600111222', To: norte.number }),
      );
      const path = `${SMS_PATH}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
      const signature = getExpectedTwilioSignature(signer.authToken, signer.publicUrl + path, {});
      return { method: 'POST', path, headers: { 'content-type': 'application/json', 'x-twilio-signature': signature }, body };
    };
    expect((await post(server, json(server))).status).toBe(403);
    expect((await post(server, json(account))).status).toBe(200);
    expect(await of(norte, id)).toHaveLength(1);
  });

  it.each<[string, () => Request | Promise<Request>]>([
    ["names the environment's account", () => inboundSms({ ...account, accountSid: server.accountSid }, { to: sur.number })],
    ['names an account of nobody', () => inboundSms({ ...account, accountSid: `AC${'0'.repeat(32)}` }, { to: sur.number })],
    ['names no account', () => form(account, { MessageSid: sid('SM'), SmsStatus: 'received', From: '+34600111222', To: sur.number })],
    ["names another's account", async () => inboundSms({ ...account, accountSid: (await add(sur)).accountSid }, { to: sur.number })],
  ])('is refused where it %s', async (_name, make) => {
    expect((await post(server, await make())).status).toBe(403);
  });

  it("is refused where the environment's token signed for it", async () => {
    expect(
      (await post(server, inboundSms({ ...server, publicUrl: server.publicUrl, accountSid: account.accountSid }, { to: norte.number })))
        .status,
    ).toBe(403);
  });

  it('is limited when it is run through again, also after the account was removed and another got its number', async () => {
    const gone = await add(norte);
    const [id, number] = [sid('SM'), '+14155550191'];
    await post(server, inboundSms(gone, { sid: id, to: number }));
    expect(await ask(server, server.adminKey, REMOVE, { id: gone.id })).toEqual({ removeProviderAccount: true });
    await createSender(server, sur.id, number);
    const [kept] = (await deliveries(server, { states: ['UNROUTED'] })).filter((one) => one.bodyText.includes(id));
    await ask(server, server.adminKey, 'mutation($id: ID!) { replayDelivery(id: $id) { state } }', { id: kept.id });
    expect([await of(sur, id), await stateOf(id)]).toEqual([[], ['UNROUTED']]);
  });

  it('is recorded once its own organization got the number it names', async () => {
    const [id, number] = [sid('SM'), '+14155550192'];
    await post(server, inboundSms(account, { sid: id, to: number }));
    expect(await stateOf(id)).toEqual(['UNROUTED']);
    await createSender(server, norte.id, number);
    expect(await of(norte, id)).toHaveLength(1);
  });

  it('is refused once the account was removed: at once here, within seconds on other processes', async () => {
    const gone = await add(norte);
    const send = (at: ServerProcess) => post(at, inboundSms(gone, { to: norte.number }));
    for (const at of [server, other]) expect((await send(at)).status).toBe(200);
    await ask(server, server.adminKey, REMOVE, { id: gone.id });
    const from = Date.now();
    expect((await send(server)).status).toBe(403);
    await until(async () => (await send(other)).status === 403, { ms: 10_000, what: 'the end of the account' });
    expect(Date.now() - from).toBeLessThan(5_000);
    expect((await gql(server, server.adminKey, REMOVE, { id: gone.id })).code).toBe('NOT_FOUND');
  });

  it('is 503, to be sent again, while the account cannot be looked up', async () => {
    const fresh = await add(norte);
    const giveBack = await takeAway(server.database);
    const answer = await post(other, inboundSms(fresh, { to: norte.number }));
    await giveBack();
    expect(answer.status).toBe(503);
    await until(async () => (await post(other, inboundSms(fresh, { to: norte.number }))).status === 200, { ms: 15_000 });
  });

  it('is refused by a process with another SECRETS_KEY, and the log of that says why', async () => {
    const mistaken = await ServerProcess.start({ besides: server, env: { SECRETS_KEY: randomBytes(32).toString('hex') } });
    expect((await post(mistaken, inboundSms(account, { to: norte.number }))).status).toBe(403);
    await until(() => mistaken.printed.includes('organization.account_unreadable'));
    const document = 'query($o: ID!) { providerAccounts(organizationId: $o) { readable } }';
    expect((await ask(mistaken, server.adminKey, document, { o: norte.id })).providerAccounts[0]).toEqual({ readable: false });
    expect((await ask(server, server.adminKey, document, { o: norte.id })).providerAccounts[0]).toEqual({ readable: true });
    await mistaken.dispose();
  });

  it('is listed with everything but its secrets', async () => {
    const { providerAccounts } = await ask(
      server,
      server.adminKey,
      'query($o: ID!) { providerAccounts(organizationId: $o) { id organizationId provider accountId label } }',
      { o: norte.id },
    );
    expect(providerAccounts[0]).toEqual({
      id: account.id,
      organizationId: norte.id,
      provider: 'TWILIO',
      accountId: account.accountSid,
      label: null,
    });
  });

  it('needs a secret that is nowhere in the database and in no log', async () => {
    const { database } = server;
    const tables = await database.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    const all = await Promise.all(tables.map(({ name }) => database.query<{ row: string }>(`select ${name}::text as row from ${name}`)));
    const text = all
      .flat()
      .map(({ row }) => row)
      .concat(server.printed, other.printed);
    expect(text.some((row) => row.includes(account.accountSid))).toBe(true); // else the search proves nothing
    for (const form of [
      account.authToken,
      Buffer.from(account.authToken).toString('hex'),
      Buffer.from(account.authToken).toString('base64'),
    ])
      expect(text.filter((row) => row.includes(form))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an account that was added', { a: () => account.accountSid }, 'accountId'],
    ["the environment's account", { a: () => server.accountSid }, 'accountId'],
    ['what is no SID', { a: 'SK123' }, 'accountId'],
    ['no token', { s: {} }, 'secrets.authToken'],
    ['what is no object', { s: 'token' }, 'secrets'],
    ['a label too long', { l: 'x'.repeat(201) }, 'label'],
  ])('cannot be added with %s', async (_name, given, field) => {
    const variables = { o: norte.id, a: `AC${'1'.repeat(32)}`, s: { authToken: 'a-token-of-it' }, ...given };
    const resolved = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, typeof value === 'function' ? (value as () => unknown)() : value]),
    );
    const answer = await gql(server, server.adminKey, CREATE, resolved);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
    expect(answer.text).not.toContain('a-token-of-it');
  });

  it('cannot be added where nothing could encrypt its secrets, and the answer says what to set', async () => {
    const bare = await ServerProcess.start({ besides: server });
    const answer = await gql(bare, bare.adminKey, CREATE, { o: norte.id, a: `AC${'2'.repeat(32)}`, s: { authToken: 'a-token-of-it' } });
    await bare.dispose();
    expect([answer.code, answer.errors![0]!.message]).toEqual(['PROVIDER_NOT_CONFIGURED', expect.stringContaining('SECRETS_KEY')]);
  });
});
