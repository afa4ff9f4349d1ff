import { randomBytes } from 'node:crypto';
import { createKey } from '../factories/organization.js';
import { createSendingOrganization, newRecipient, send, type SendingOrganization } from '../factories/sends.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { ProviderStub, type StubReply } from '../support/provider-stub.js';
import { activityOf, heardOf, makeDue, reached } from '../support/sent.js';
import { type TestServer } from '../support/server.js';
import { startServerWithStandIn } from '../support/stand-in.js';
import { until } from '../support/until.js';

const LATER = new Date(Date.now() + 3_600_000).toISOString();
const TOO_MUCH: StubReply = { status: 429 };
const taken = (): StubReply => ({ status: 202, headers: { 'x-message-id': randomBytes(11).toString('base64url') } });

describe('Of somebody erased who was in copy', () => {
  let server: TestServer;
  let sendGrid: ProviderStub;
  let norte: SendingOrganization;
  let feed: FeedClient;
  /** Who is erased, and who the mails are to. */
  let erin: string;
  let ana: string;

  beforeAll(async () => {
    sendGrid = await ProviderStub.start();
    ({ server } = await startServerWithStandIn({ env: { SENDGRID_BASE_URL: sendGrid.url } }));
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
  });
});
