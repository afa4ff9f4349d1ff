import { randomBytes } from 'node:crypto';
import { createKey, createSender } from '../factories/organization.js';
import { inboundMail, readSigningKey, sendGridEvents } from '../factories/sendgrid.js';
import { createSendingOrganization, LATER, newRecipient, send, type SendingOrganization } from '../factories/sends.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { hurryJobs } from '../support/jobs.js';
import { PNG } from '../support/media-host.js';
import { deliver } from '../support/post.js';
import { ProviderStub, type StubReply } from '../support/provider-stub.js';
import { activityOf, heardOf, makeDue, reached } from '../support/sent.js';
import { type TestServer } from '../support/server.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { until } from '../support/until.js';

const TOO_MUCH: StubReply = { status: 429 };
const taken = (): StubReply => ({ status: 202, headers: { 'x-message-id': randomBytes(11).toString('base64url') } });

describe('Of somebody erased who was in copy', () => {
  let world: StandInWorld;
  let server: TestServer;
  let sendGrid: ProviderStub;
  let norte: SendingOrganization;
  let feed: FeedClient;
  /** Who is erased, and who the mails are to. */
  let erin: string;
  let ana: string;

  beforeAll(async () => {
    sendGrid = await ProviderStub.start();
    const started = await startServerWithStandIn({ env: { SENDGRID_BASE_URL: sendGrid.url } });
    [world, server] = [started, started.server];
    norte = await createSendingOrganization(server);
    feed = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
  });
  beforeEach(async () => {
    sendGrid.answer = taken;
    [erin, ana] = [newRecipient('EMAIL'), newRecipient('EMAIL')];
    await mail(erin);
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
    sendGrid.close();
  });

  const mail = (to: string, input: object = {}, key = norte.key) => send(server, norte, 'EMAIL', to, { input: { ...input }, key });
  const erase = async (address = erin) => {
    const query = 'select contact_id as id from contact_identity where organization_id = $1 and value = $2';
    const [row] = await server.database.query<{ id: string }>(query, [norte.id, address]);
    expect(await ask(server, norte.key, 'mutation($id: ID!) { eraseContact(id: $id) }', { id: row!.id })).toEqual({ eraseContact: true });
  };
  const itemOf = async (id: string) =>
    (
      await server.database.query<{ state: string; content: object }>('select state, content from send_item where activity_id = $1', [id])
    )[0]!;
  /** The mails that SendGrid was asked for. */
  const askedFor = (address: string) => sendGrid.requests.filter(({ body }) => body.includes(address));
  /** Whatever was due before has left once this has. */
  const nothingIsDue = async () => {
    const { id } = await mail(newRecipient('EMAIL'), { sendAt: LATER });
    await makeDue(server.database, [id], () => 1_300);
    await reached(server, norte.key, id, 'SENT');
  };

  describe("another's mail", () => {
    it.each(['cc', 'bcc'])('that is scheduled with them in %s is canceled, and its event told', async (field) => {
      const { id } = await mail(ana, { [field]: [newRecipient('EMAIL'), erin.toUpperCase()], sendAt: LATER });
      const other = await mail(ana, { [field]: [newRecipient('EMAIL')], sendAt: LATER });
      await erase();
      expect(await activityOf(server, norte.key, id)).toMatchObject({
        status: 'CANCELED',
        to: ana,
        body: 'hola',
        error: { code: 'PERSON_ERASED', hint: 'Send it again without that address.' },
      });
      await until(() => heardOf(feed, id).includes('CANCELED'), { what: 'CANCELED in the feed' });
      expect(await itemOf(id)).toEqual({ state: 'ENDED', content: {} });
      expect((await activityOf(server, norte.key, other.id)).status).toBe('SCHEDULED');
      await makeDue(server.database, [id], () => 0);
      await nothingIsDue();
      expect([askedFor(ana).length, heardOf(feed, id)]).toEqual([0, ['CREATED', 'CANCELED']]);
    });

    it.each<[string, (address: string) => string]>([
      ['its own letters', (address) => address],
      ['those of the DNS', (address) => address.replace('münchen', 'xn--mnchen-3ya')],
      ['decomposed ones', (address) => address.normalize('NFD')],
    ])('that names their domain in %s is canceled, and says nothing of them', async (_, spelled) => {
      const person = `jörg-${randomBytes(4).toString('hex')}@münchen.example`;
      await mail(person);
      const { id } = await mail(ana, { cc: [spelled(person)], sendAt: LATER });
      await erase(person);
      expect(await activityOf(server, norte.key, id)).toMatchObject({ status: 'CANCELED', error: { code: 'PERSON_ERASED' } });
      const [{ metadata }] = (await server.database.query<{ metadata: object }>('select metadata from activity where id = $1', [id])) as [
        { metadata: object },
      ];
      expect(JSON.stringify(metadata)).not.toContain(spelled(person));
    });

    it('that is a draft with them in copy is canceled, and cannot be approved', async () => {
      const { id } = await mail(ana, { cc: [erin] }, await createKey(server, norte.id, ['READ', 'DRAFT']));
      await erase();
      const { code } = await gql(server, norte.key, 'mutation($id: ID!) { approveActivity(id: $id) { id } }', { id });
      expect([code, (await activityOf(server, norte.key, id)).status, await itemOf(id)]).toEqual([
        'BAD_USER_INPUT',
        'CANCELED',
        { state: 'ENDED', content: {} },
      ]);
    });

    it.each(['before the provider answered', 'while it waits'])('that is to be tried again is not, erased %s', async (when) => {
      await until(() => askedFor(erin).length === 1);
      let answer: (reply: StubReply) => void = () => undefined;
      sendGrid.answer = ({ body }) => (body.includes(ana) && when !== 'while it waits' ? new Promise((done) => (answer = done)) : TOO_MUCH);
      const { id } = await mail(ana, { cc: [erin] });
      if (when === 'while it waits') await until(async () => (await itemOf(id)).state === 'WAITING');
      else await until(() => askedFor(ana).length === 1);
      await erase();
      expect(JSON.stringify(await itemOf(id))).not.toContain(erin);
      sendGrid.answer = taken;
      answer(TOO_MUCH);
      expect((await reached(server, norte.key, id, 'CANCELED')).error.code).toBe('PERSON_ERASED');
      await nothingIsDue();
      expect([askedFor(ana).length, await itemOf(id)]).toEqual([1, { state: 'ENDED', content: {} }]);
    });

    it('that has left by then stays as it was sent', async () => {
      const { id } = await mail(ana, { cc: [erin] });
      await reached(server, norte.key, id, 'SENT');
      await erase();
      expect(await activityOf(server, norte.key, id)).toMatchObject({ status: 'SENT', to: ana, body: 'hola' });
    });

    it('that was accepted while they were looked for says nothing of them either', async () => {
      const holder = await server.database.connect();
      await holder.query('begin');
      await holder.query('select 1 from feed_head where organization_id = $1 for update', [norte.id]);
      const waiting = (count: number) =>
        until(async () => {
          const [row] = await server.database.query<{ n: number }>(
            "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          );
          return row!.n >= count;
        });
      const sending = mail(ana, { cc: [erin], sendAt: LATER });
      await waiting(1);
      const erasing = erase();
      await waiting(2);
      await holder.query('commit');
      await holder.end();
      const [{ id }] = await Promise.all([sending, erasing]);
      const told = await ask(server, norte.key, 'query($id: ID!) { activity(id: $id) { status metadata events { metadata } } }', { id });
      expect(told.activity.status).toBe('CANCELED');
      expect(JSON.stringify(told)).not.toContain(erin);
    });

    it('says no more that they had a copy, and still who else had one', async () => {
      const { id } = await mail(ana, { cc: ['leo@example.com', erin], bcc: [erin.replace('@', '.two@'), 'eva@example.com'] });
      await reached(server, norte.key, id, 'SENT');
      const copied = async () =>
        (await ask(server, norte.key, 'query($id: ID!) { activity(id: $id) { metadata } }', { id })).activity.metadata;
      expect(await copied()).toEqual({ cc: `leo@example.com, ${erin}`, bcc: `${erin.replace('@', '.two@')}, eva@example.com` });
      await erase();
      expect(await copied()).toEqual({ cc: 'leo@example.com', bcc: `${erin.replace('@', '.two@')}, eva@example.com` });
    });
  });

  describe('what is kept of others', () => {
    const keys = () => ({ privateKey: readSigningKey(world.secrets.SENDGRID_SIGNING_KEY), publicKey: '' });
    /** All that the API tells of an activity beside its provider's ids. */
    const toldOf = async (id: string) =>
      (
        await ask(
          server,
          norte.key,
          'query($id: ID!) { activity(id: $id) { status revision body metadata events { status metadata error { message } } } }',
          { id },
        )
      ).activity;
    /** How many deliveries still have it in their bytes. */
    const bodies = async (naming: string) =>
      (await server.database.query(`select from delivery where position($1 in lower(encode(body, 'escape'))) > 0`, [naming])).length;
    /** Somebody opens a mail of ours. */
    const opened = (activityId: string, email: string, more: object = {}) => ({
      email,
      event: 'open',
      timestamp: Math.floor(Date.now() / 1000),
      sg_event_id: randomBytes(12).toString('base64url'),
      sg_message_id: `${activityId}.recvd-1`,
      centralita_activity: activityId,
      ip: '203.0.113.7',
      useragent: 'Mozilla/5.0',
      ...more,
    });
    const lastOf = async () =>
      (await ask(server, norte.key, 'query($o: ID!) { feed(organizationId: $o, first: 200) { cursor } }', { o: norte.id })).feed.cursor;

    it('events about the copy say nothing of them, those about the recipient stay, and the batch goes whole', async () => {
      const { id } = await mail(ana, { cc: [erin], text: 'suyo' });
      await reached(server, norte.key, id, 'SENT');
      const other = await mail(newRecipient('EMAIL'));
      const spelled = erin.replace('ana', 'Ana');
      await deliver(server, sendGridEvents(keys(), [opened(id, spelled), opened(id, ana, { useragent: 'hers' })]));
      await deliver(server, sendGridEvents(keys(), [opened(other.id, 'another@example.com')]));
      const { revision } = await toldOf(id);
      const before = await lastOf();
      await erase();
      const told = await toldOf(id);
      expect(JSON.stringify(told).toLowerCase()).not.toContain(erin);
      expect(told.events.filter((event: { metadata: { ip?: string } }) => event.metadata.ip)).toMatchObject([
        { status: 'OPENED', metadata: { ip: '203.0.113.7', useragent: 'hers' } },
      ]);
      expect(told).toMatchObject({ status: 'OPENED', body: 'suyo', metadata: {}, revision: revision + 1 });
      expect([await bodies(erin), await bodies(ana), await bodies('another@example.com')]).toEqual([0, 0, 1]);
      const page = await ask(server, norte.key, 'query($o: ID!, $a: Cursor) { feed(organizationId: $o, after: $a) { items { kind } } }', {
        o: norte.id,
        a: before,
      });
      expect(page.feed.items).toEqual([{ kind: 'ERASED' }]);
    });

    /** A mail that names them beside ours, and its activity. */
    const receive = async (organization: SendingOrganization, parts: Parameters<typeof inboundMail>[1] = {}) => {
      const [from, id] = [newRecipient('EMAIL'), randomBytes(8).toString('hex')];
      const cc = `"Secreta, Erin" <${erin.toUpperCase()}>, "Ruiz, Eva" <eva@example.com>`;
      const headers = `From: ${from}\r\nTo: ${organization.email}\r\nCc: ${cc}\r\nMessage-ID: <${id}@example.com>\r\n`;
      const envelope = JSON.stringify({ to: [organization.email], from });
      const request = inboundMail(keys(), {
        headers,
        to: `${organization.email}, ${erin}`,
        cc,
        from,
        subject: 'Hola',
        text: 'lo mío',
        envelope,
        ...parts,
      });
      expect((await deliver(server, request)).status).toBe(204);
      const [row] = await server.database.query<{ id: string }>('select id from activity where "from" = $1', [from]);
      return row!.id;
    };

    it('a mail that came in and names them in To or Cc keeps what it says and whom else it names', async () => {
      const id = await receive(norte);
      expect(JSON.stringify(await toldOf(id)).toLowerCase()).toContain(erin);
      await erase();
      const told = await toldOf(id);
      expect(JSON.stringify(told).toLowerCase()).not.toMatch(new RegExp(`${erin}|secreta`));
      expect(told).toMatchObject({ body: 'lo mío', metadata: { to: norte.email, cc: '"Ruiz, Eva" <eva@example.com>' } });
      expect(await bodies(erin)).toBe(0);
    });

    it('no table has their address in clear any more', async () => {
      const [to, copied] = [await mail(erin), await mail(ana, { cc: [erin] })];
      for (const { id } of [to, copied]) await reached(server, norte.key, id, 'SENT');
      await deliver(server, sendGridEvents(keys(), [opened(to.id, erin), opened(copied.id, erin)]));
      await receive(norte);
      const envelope = JSON.stringify({ to: [norte.email], from: erin });
      const headers = `From: ${erin}\r\nTo: ${norte.email}\r\nMessage-ID: <${randomBytes(8).toString('hex')}@example.com>\r\n`;
      await deliver(server, inboundMail(keys(), { headers, to: norte.email, from: erin, subject: 'Hola', text: 'lo mío', envelope }));
      await erase();
      const tables = await server.database.query<{ name: string }>(
        'select tablename as name from pg_tables where schemaname = current_schema()',
      );
      const naming = await Promise.all(
        tables.map(async ({ name }) => {
          const found = `select row::text as row from "${name}" as row where lower(row::text) like any($1)`;
          return server.database.query(found, [[`%${erin}%`, `%${Buffer.from(erin).toString('hex')}%`]]);
        }),
      );
      expect(naming.flat()).toEqual([]);
    });

    it("another organization's mail keeps its bytes and its metadata", async () => {
      const sur = await createSendingOrganization(server, 'sur');
      const [id, mine] = [await receive(sur), await receive(norte)];
      await erase();
      expect(await bodies(erin)).toBe(1);
      const rows = await server.database.query<{ id: string; metadata: object }>('select id, metadata from activity where id = any($1)', [
        [id, mine],
      ]);
      expect(rows.filter(({ metadata }) => JSON.stringify(metadata).toLowerCase().includes(erin)).map((row) => row.id)).toEqual([id]);
    });

    it('a file in such a mail is not lost, whenever it is stored', async () => {
      const info = JSON.stringify({ attachment1: { filename: 'a.png', type: 'image/png' } });
      const id = await receive(norte, { 'attachment-info': info, attachment1: { fileName: 'a.png', type: 'image/png', content: PNG } });
      const stateOf = async () =>
        (await server.database.query<{ state: string }>('select state from attachment where activity_id = $1', [id]))[0]!.state;
      await until(async () => (await stateOf()) === 'READY');
      // As if it were not stored yet: its job has to read the delivery.
      await server.database.query(`update attachment set state = 'PENDING' where activity_id = $1`, [id]);
      await erase();
      expect(await bodies(erin)).toBe(1);
      await server.database.query(`update attachment set state = 'READY' where activity_id = $1`, [id]);
      await until(async () => {
        await hurryJobs(server.database);
        return (await bodies(erin)) === 0;
      });
    });

    it('nothing goes for an address that the organization owns, which names all it has', async () => {
      const id = await receive(norte);
      await mail(norte.email);
      await erase(norte.email);
      expect((await toldOf(id)).metadata.to).toContain(norte.email);
      expect(await bodies(erin)).toBe(1);
    });

    it('nor for a mailbox of a domain that it owns, which the DNS writes otherwise', async () => {
      await createSender(server, norte.id, 'xn--mnchen-3ya.example', 'EMAIL');
      const info = 'info@xn--mnchen-3ya.example';
      const id = await receive(norte, { to: `${norte.email}, ${info}` });
      await mail(info);
      await erase('info@münchen.example');
      expect((await toldOf(id)).metadata.to).toContain(info);
      expect(await bodies(info)).toBe(1);
    });
  });
});
