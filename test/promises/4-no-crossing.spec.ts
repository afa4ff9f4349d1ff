import { randomBytes } from 'node:crypto';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { createKey, createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms, sid, smsStatus } from '../factories/twilio.js';
import { FeedClient, type FeedField, stopListening } from '../support/feed-client.js';
import { feedCursor } from '../support/feed-truth.js';
import { ACTIVITY, allActivities, ask, deliveries, gql } from '../support/graphql.js';
import { listenTo } from '../support/listen-to.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const SECRET = 'SECRETO-DE-SUR';
const FIELDS: readonly FeedField[] = ['activityCreated', 'activityUpdated', 'activityFeed'];

/** What a stranger to an organization is answered: as if it were not there, or that the operation is not for its like. */
type Refusal = 'NOT_FOUND' | 'FORBIDDEN';

/** Every query and mutation there is, but `viewer`, with what names the organization or the thing tried for. */
const OPERATIONS: Record<
  string,
  {
    document: string;
    names: 'organization' | 'activity' | 'attachment' | 'contact' | 'key' | 'delivery' | 'account' | 'sender' | 'nothing';
    refusal: Refusal;
  }
> = {
  activity: { document: `query($x: ID!) { activity(id: $x) { ${ACTIVITY} } }`, names: 'activity', refusal: 'NOT_FOUND' },
  attachment: { document: 'query($x: ID!) { attachment(id: $x) { id state url } }', names: 'attachment', refusal: 'NOT_FOUND' },
  activities: {
    document: `query($x: ID!) { activities(organizationId: $x) { feedCursor edges { cursor node { ${ACTIVITY} } } } }`,
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  feed: {
    document: 'query($x: ID!) { feed(organizationId: $x) { cursor items { activity { body } } } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  contact: { document: 'query($x: ID!) { contact(id: $x) { id name identities { value } } }', names: 'contact', refusal: 'NOT_FOUND' },
  conversation: { document: 'query($x: ID!) { conversation(contactId: $x) { latest { body } } }', names: 'contact', refusal: 'NOT_FOUND' },
  contacts: {
    document: 'query($x: ID!) { contacts(organizationId: $x) { edges { node { id identities { value } } } } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  conversations: {
    document: 'query($x: ID!) { conversations(organizationId: $x) { feedCursor edges { node { latest { body } } } } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  updateContact: { document: 'mutation($x: ID!) { updateContact(id: $x, name: "x") { id } }', names: 'contact', refusal: 'NOT_FOUND' },
  mergeContacts: { document: 'mutation($x: ID!) { mergeContacts(keep: $x, merge: $x) { id } }', names: 'contact', refusal: 'NOT_FOUND' },
  eraseContact: { document: 'mutation($x: ID!) { eraseContact(id: $x) }', names: 'contact', refusal: 'NOT_FOUND' },
  markRead: { document: 'mutation($x: ID!) { markRead(contactId: $x, upTo: "x") }', names: 'contact', refusal: 'NOT_FOUND' },
  setOptOut: {
    document: 'mutation($x: ID!) { setOptOut(organizationId: $x, channel: SMS, address: "+12025550147", optedOut: true) }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  sendSms: {
    document: 'mutation($x: ID!) { sendSms(input: { organizationId: $x, to: "+12025550147", body: "x" }) { id } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  sendWhatsApp: {
    document: 'mutation($x: ID!) { sendWhatsApp(input: { organizationId: $x, to: "+12025550147", body: "x" }) { id } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  sendEmail: {
    document: 'mutation($x: ID!) { sendEmail(input: { organizationId: $x, to: ["a@b.example"], subject: "x", text: "x" }) { id } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  placeCall: {
    document: 'mutation($x: ID!) { placeCall(input: { organizationId: $x, to: "+12025550147", say: "x" }) { id } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  cancelActivity: { document: 'mutation($x: ID!) { cancelActivity(id: $x) { id body } }', names: 'activity', refusal: 'NOT_FOUND' },
  approveActivity: { document: 'mutation($x: ID!) { approveActivity(id: $x) { id body } }', names: 'activity', refusal: 'NOT_FOUND' },
  sendability: {
    document: 'query($x: ID!) { sendability(organizationId: $x, channel: SMS, to: "+12025550147") { allowed } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  templates: { document: 'query($x: ID!) { templates(organizationId: $x) { id } }', names: 'organization', refusal: 'NOT_FOUND' },
  apiKeys: { document: 'query($x: ID!) { apiKeys(organizationId: $x) { id label } }', names: 'organization', refusal: 'NOT_FOUND' },
  deliveries: { document: '{ deliveries { edges { node { bodyText } } } }', names: 'nothing', refusal: 'FORBIDDEN' },
  organizations: { document: '{ organizations { edges { node { id name } } } }', names: 'nothing', refusal: 'FORBIDDEN' },
  providerAccounts: {
    document: 'query($x: ID!) { providerAccounts(organizationId: $x) { id accountId label } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  createProviderAccount: {
    document: `mutation($x: ID!) {
      createProviderAccount(organizationId: $x, provider: TWILIO, accountId: "AC${'0'.repeat(32)}", secrets: { authToken: "of-a-stranger" }) { id }
    }`,
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  removeProviderAccount: { document: 'mutation($x: ID!) { removeProviderAccount(id: $x) }', names: 'account', refusal: 'FORBIDDEN' },
  createOrganization: { document: 'mutation { createOrganization(name: "x") { id } }', names: 'nothing', refusal: 'FORBIDDEN' },
  createSender: {
    document: 'mutation($x: ID!) { createSender(organizationId: $x, channel: SMS, address: "+12025550199") { id } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  updateSender: {
    document: 'mutation($x: ID!) { updateSender(id: $x, label: "x") { id address } }',
    names: 'sender',
    refusal: 'FORBIDDEN',
  },
  createApiKey: {
    document: 'mutation($x: ID!) { createApiKey(organizationId: $x, label: "x") { key } }',
    names: 'organization',
    refusal: 'NOT_FOUND',
  },
  revokeApiKey: { document: 'mutation($x: ID!) { revokeApiKey(id: $x) { id label } }', names: 'key', refusal: 'FORBIDDEN' },
  replayDeliveries: {
    document: 'mutation { replayDeliveries(filter: { states: [PROCESSED] }) }',
    names: 'nothing',
    refusal: 'FORBIDDEN',
  },
  replayDelivery: { document: 'mutation($x: ID!) { replayDelivery(id: $x) { id bodyText } }', names: 'delivery', refusal: 'FORBIDDEN' },
};

describe('Nobody reads, hears or changes what is of an organization that is not theirs', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let sur: TestOrganization;
  /** What is sur's, by what an operation names. */
  let ofSur: Record<string, string>;

  beforeAll(async () => {
    server = await TestServer.start({ env: { SECRETS_KEY: randomBytes(32).toString('hex') } });
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
    for (const organization of [norte, sur])
      await deliver(
        server,
        inboundSms(server, {
          to: organization.number,
          body: organization === sur ? SECRET : 'de norte',
          media: [`https://api.twilio.com/${organization.id}`],
        }),
      );
    const [activity] = await allActivities(server, sur.key, sur.id, 'id contact { id } attachments { id }');
    const [delivery] = (await deliveries(server)).filter((kept) => kept.bodyText.includes(SECRET));
    const { apiKeys } = await ask(server, server.adminKey, 'query($o: ID!) { apiKeys(organizationId: $o) { id } }', { o: sur.id });
    const { createProviderAccount } = await ask(
      server,
      server.adminKey,
      `mutation($o: ID!) {
        createProviderAccount(organizationId: $o, provider: TWILIO, accountId: "AC${'1'.repeat(32)}", secrets: { authToken: "${SECRET}" }) { id }
      }`,
      { o: sur.id },
    );
    const { viewer } = await ask(server, sur.key, '{ viewer { organizations { senders { id } } } }');
    ofSur = {
      organization: sur.id,
      activity: activity.id,
      contact: activity.contact.id,
      attachment: activity.attachments[0].id,
      key: apiKeys[0].id,
      delivery: delivery.id,
      account: createProviderAccount.id,
      sender: viewer.organizations[0].senders[0].id,
    };
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
  });

  const snapshot = async () => [
    await allActivities(server, sur.key, sur.id),
    await ask(server, sur.key, '{ viewer { scopes organizations { id name senders { id address label } } } }'),
    await feedCursor(server, sur.key, sur.id),
    await ask(server, server.adminKey, OPERATIONS.providerAccounts!.document, { x: sur.id }),
  ];
  const listen = (key: string | undefined, field: FeedField, after: string | null = null, organizationId = sur.id) =>
    new FeedClient(server, key, field, { organizationId }, after, false);

  it('every operation that is served is tried here', async () => {
    const schema = buildClientSchema((await ask(server, server.adminKey, getIntrospectionQuery())) as IntrospectionQuery);
    const served = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type!.getFields()));
    expect(served.filter((name) => name !== 'viewer').sort()).toEqual(Object.keys(OPERATIONS).sort());
    expect(Object.keys(schema.getSubscriptionType()!.getFields()).sort()).toEqual([...FIELDS].sort());
  });

  it.each(Object.keys(OPERATIONS))("%s of another's answers what it answers of what is not there, and changes nothing", async (name) => {
    const { document, names, refusal } = OPERATIONS[name]!;
    const before = await snapshot();
    const theirs = await gql(server, norte.key, document, { x: ofSur[names] });
    expect(theirs.code).toBe(refusal);
    expect(theirs.text).not.toContain(SECRET);
    for (const missing of ['nobody', '01890000-0000-7000-8000-000000000000'])
      expect((await gql(server, norte.key, document, { x: missing })).text).toBe(theirs.text);
    expect(await snapshot()).toEqual(before);
  });

  it.each(['createSender', 'createApiKey', 'apiKeys', 'createProviderAccount', 'providerAccounts'])(
    "%s in one's own organization wants the administrator",
    async (name) => {
      const answer = await gql(server, norte.key, OPERATIONS[name]!.document, { x: norte.id });
      expect([answer.code, answer.errors![0]!.message]).toEqual(['FORBIDDEN', expect.stringContaining('ADMIN')]);
    },
  );

  it.each(Object.keys(OPERATIONS))('%s without a valid key is UNAUTHENTICATED and 401', async (name) => {
    const { document, names } = OPERATIONS[name]!;
    for (const key of [undefined, 'garbage', sur.key.slice(0, -1), `${sur.key}x`, "' or true --", `${sur.key}, ${sur.key}`]) {
      const answer = await gql(server, key, document, { x: ofSur[names] });
      expect([answer.status, answer.code, answer.data ?? null]).toEqual([401, 'UNAUTHENTICATED', null]);
      expect(answer.text).not.toContain(SECRET);
    }
  });

  it('viewer is oneself alone', async () => {
    const { viewer } = await ask(server, norte.key, '{ viewer { scopes organizations { id senders { address } } } }');
    expect(viewer).toEqual({ scopes: ['READ', 'SEND'], organizations: [{ id: norte.id, senders: [{ address: norte.number }] }] });
  });

  it.each(FIELDS)("%s of another's is refused as one of nobody's, and nothing of it is heard", async (field) => {
    const theirCursor = await feedCursor(server, sur.key, sur.id);
    const strangers = [listen(norte.key, field), listen(norte.key, field, theirCursor)];
    const ofNobody = listen(norte.key, field, null, 'nobody');
    const atHome = listen(norte.key, field, null, norte.id);
    const own = await new FeedClient(server, sur.key, 'activityCreated', { organizationId: sur.id }, theirCursor).connected();
    await deliver(server, inboundSms(server, { to: sur.number, body: SECRET }));
    await own.told(1);
    const expected = await ofNobody.refused();
    expect(expected.extensions.code).toBe('NOT_FOUND');
    for (const stranger of strangers) {
      const refused = await stranger.refused();
      expect([refused.message, refused.extensions]).toEqual([expected.message, expected.extensions]);
      expect([...stranger.items, ...stranger.checkpoints]).toEqual([]);
    }
    expect(atHome.items).toEqual([]);
  });

  it('listeners who ask alike hear the same, those who ask otherwise what they asked for, each in its language, and nothing of another organization', async () => {
    const query = `subscription($o: ID!, $c: [Channel!], $full: Boolean = false, $a: Cursor) {
      activityFeed(organizationId: $o, channels: $c, after: $a) { kind organizationId activity { body from @include(if: $full) error { message } } }
    }`;
    const cursor = await feedCursor(server, norte.key, norte.id);
    const ofNorte = { o: norte.id };
    const heardBy = {
      ana: listenTo(server, norte.key, query, ofNorte),
      ben: listenTo(server, await createKey(server, norte.id, ['READ']), query, ofNorte),
      back: listenTo(server, norte.key, query, { ...ofNorte, a: cursor }),
      spanish: listenTo(server, norte.key, query, ofNorte, 'es'),
      full: listenTo(server, norte.key, query, { ...ofNorte, full: true }),
      admin: listenTo(server, server.adminKey, query, ofNorte),
      whatsApp: listenTo(server, norte.key, query, { ...ofNorte, c: ['WHATSAPP'] }),
      sur: listenTo(server, sur.key, query, { o: sur.id }),
    };
    const all = Object.values(heardBy);
    await until(() => all.every((heard) => heard.length === 1), { what: 'a checkpoint for each' });
    for (const n of [1, 2, 3]) {
      await deliver(server, inboundSms(server, { to: norte.number, body: `norte ${n}` }));
      await deliver(server, inboundSms(server, { to: sur.number, body: `sur ${n}` }));
    }
    await deliver(server, smsStatus(server, { sid: sid('SM'), status: 'undelivered', from: norte.number, error: '30003' }));
    await until(() => all.every((heard) => heard.length === (heard === heardBy.whatsApp ? 1 : heard === heardBy.sur ? 4 : 5)));
    const told = (of: string, n: number, more: object = {}) =>
      Array.from({ length: n }, (_, i) => ({ kind: 'CREATED', organizationId: of, activity: { body: `${i + 1}`, error: null, ...more } }));
    const bodies = (heard: typeof heardBy.ana) =>
      heard.slice(1).map((item) => ({ ...item, activity: { ...item.activity, body: item.activity.body?.split(' ')[1] } }));
    const english = [
      ...told(norte.id, 3),
      expect.objectContaining({ activity: expect.objectContaining({ error: { message: expect.stringContaining('phone') } }) }),
    ];
    for (const who of ['ana', 'ben', 'back', 'admin'] as const) expect(bodies(heardBy[who])).toEqual(english);
    expect(bodies(heardBy.full).slice(0, 3)).toEqual(told(norte.id, 3, { from: '+34600111222' }));
    expect(bodies(heardBy.spanish).slice(0, 3)).toEqual(told(norte.id, 3));
    expect(heardBy.spanish[4]!.activity.error.message).not.toBe(heardBy.ana[4]!.activity.error.message);
    expect(bodies(heardBy.sur)).toEqual(told(sur.id, 3));
    expect(JSON.stringify(heardBy.sur)).toContain('sur 1');
    for (const heard of all) if (heard !== heardBy.sur) expect(JSON.stringify(heard)).not.toContain('sur');
  });

  it('a key without READ neither reads nor hears its own organization', async () => {
    const blind = await createKey(server, sur.id, ['SEND']);
    for (const name of ['activity', 'activities', 'feed']) {
      const { document, names } = OPERATIONS[name]!;
      expect((await gql(server, blind, document, { x: ofSur[names] })).code).toBe('FORBIDDEN');
    }
    for (const field of FIELDS) expect((await listen(blind, field).refused()).extensions.code).toBe('FORBIDDEN');
  });

  it('an address that is owned is given to nobody else, not even by the administrator', async () => {
    const answer = await gql(
      server,
      server.adminKey,
      'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: SMS, address: $a) { id } }',
      {
        o: norte.id,
        a: sur.number,
      },
    );
    expect(answer.errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'address' });
  });

  it('a provider id that is known stays with its organization, whatever address a later delivery names', async () => {
    const id = sid('SM');
    await deliver(server, inboundSms(server, { sid: id, to: sur.number, body: SECRET }));
    await deliver(server, inboundSms(server, { sid: id, to: norte.number, body: SECRET }));
    expect((await allActivities(server, norte.key, norte.id)).filter((activity) => activity.externalId === id)).toEqual([]);
    expect((await allActivities(server, sur.key, sur.id)).filter((activity) => activity.externalId === id)).toHaveLength(1);
  });

  it('no key can be given ADMIN, and an empty set of scopes is no key', async () => {
    for (const scopes of [['ADMIN'], ['READ', 'ADMIN'], []]) {
      const answer = await gql(
        server,
        server.adminKey,
        'mutation($o: ID!, $s: [Scope!]) { createApiKey(organizationId: $o, label: "x", scopes: $s) { key } }',
        {
          o: sur.id,
          s: scopes,
        },
      );
      expect(answer.errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'scopes' });
    }
  });

  it('the text of a key is nowhere in the database', async () => {
    const { database } = server;
    const tables = await database.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    const all = await Promise.all(tables.map(({ name }) => database.query<{ row: string }>(`select ${name}::text as row from ${name}`)));
    const text = all.flat().map(({ row }) => row);
    expect(text.some((row) => row.includes(sur.id))).toBe(true); // else the search proves nothing
    for (const secret of [sur.key, server.adminKey, server.authToken])
      for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')])
        expect(text.filter((row) => row.includes(form))).toEqual([]);
  });
});
