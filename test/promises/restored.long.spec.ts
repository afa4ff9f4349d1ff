import { createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { createSendingOrganization, LATER, newNumber, newRecipient, send } from '../factories/sends.js';
import { inboundSms } from '../factories/twilio.js';
import { backUp } from '../support/database.js';
import { allActivities, ask, gql } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { acceptedFor, makeDue, reached } from '../support/sent.js';
import { ServerProcess } from '../support/server-process.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { until } from '../support/until.js';

describe('A restored backup', () => {
  let server: ServerProcess;
  let standIn: StandInWorld['standIn'];
  beforeEach(async () => {
    ({ server, standIn } = await startServerWithStandIn({}, ServerProcess));
  });
  afterEach(() => server.dispose());

  const isReady = () => until(async () => (await fetch(`${server.url}/health/ready`)).ok);
  const say = async (to: string, from: string) => expect((await deliver(server, inboundSms(server, { to, from }))).status).toBe(200);
  const answerOf = ({ key, id }: TestOrganization, from: string) =>
    gql(server, key, 'mutation($i: SendSmsInput!) { sendSms(input: $i) { id } }', {
      i: { organizationId: id, from, to: newRecipient('SMS'), body: 'hola' },
    });

  it('under a running server: nobody sends or hears for another by what was true before it, and who is new has a contact', async () => {
    const [norte, sur] = [await createOrganization(server), await createOrganization(server, 'sur')];
    const restore = await backUp(server.database);
    await isReady();
    const [number, ana] = [newNumber('+1628'), newNumber()];
    await createSender(server, norte.id, number);
    await say(number, ana);
    await say(norte.number, ana);
    // Ended before the restore: what the provider tells later of it would be the new owner's, by the number.
    await reached(server, norte.key, (await answerOf(norte, number)).data.sendSms.id, ['DELIVERED']);
    await restore();
    await isReady();
    await createSender(server, sur.id, number);
    expect((await answerOf(norte, number)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'from' });
    await say(number, ana);
    expect(await allActivities(server, sur.key, sur.id, 'from')).toMatchObject([{ from: ana }]);
    await say(norte.number, ana);
    expect(await allActivities(server, norte.key, norte.id, 'contact { id }')).toEqual([{ contact: { id: expect.any(String) } }]);
  });

  it('under a running server does not have what was made after it', async () => {
    const restore = await backUp(server.database);
    await isReady();
    const norte = await createOrganization(server);
    expect((await answerOf(norte, norte.number)).errors).toBeUndefined();
    await restore();
    await isReady();
    expect((await answerOf({ ...norte, key: server.adminKey }, norte.number)).code).toBe('NOT_FOUND');
  });

  it('under a running server does not begin again what that server had attempted as it was made', async () => {
    const norte = await createSendingOrganization(server);
    const [to, first] = [newRecipient('SMS'), await send(server, norte, 'SMS', newRecipient('SMS'))];
    await reached(server, norte.key, first.id, ['SENT', 'DELIVERED']);
    const { id } = await send(server, norte, 'SMS', to, { input: { sendAt: LATER } });
    await server.database.query(
      `update send_item set state = 'ATTEMPTED', attempts = 1, attempted_at = now() - interval '15 seconds',
         attempted_by = (select attempted_by from send_item where activity_id = $2) where activity_id = $1`,
      [id, first.id],
    );
    await server.database.query('update feed_epoch set timeline = timeline + 1');
    const restore = await backUp(server.database);
    // The lost connection alone is a new epoch here, for what was backed up says so.
    await until(async () => (await server.database.query(`select from send_item where attempted_by = 'before the restore'`)).length);
    await server.database.query(
      `update send_item set state = 'WAITING', attempts = 0, attempted_by = null, due_at = now() where activity_id = $1`,
      [id],
    );
    await until(() => acceptedFor(standIn, to) === 1);
    await restore();
    await isReady();
    await reached(server, norte.key, id, ['UNKNOWN', 'SENT', 'DELIVERED'], 15_000);
    await new Promise((done) => setTimeout(done, 8_000));
    expect(acceptedFor(standIn, to)).toBe(1);
  });

  it('does not send again what may have left since it was made, and sends what is due later', async () => {
    const norte = await createSendingOrganization(server);
    const [left, later] = [newRecipient('SMS'), newRecipient('SMS')];
    const scheduled = async (to: string) => (await send(server, norte, 'SMS', to, { input: { sendAt: LATER } })).id;
    const [id, other] = [await scheduled(left), await scheduled(later)];
    await makeDue(server.database, [id], () => 2_500);
    const restore = await backUp(server.database);
    await isReady();
    await reached(server, norte.key, id, ['SENT', 'DELIVERED']);
    await server.stop();
    await restore();
    await server.database.query('update feed_epoch set timeline = timeline + 1');
    await server.launch();
    const told = async () =>
      (await ask(server, norte.key, 'query($id: ID!) { activity(id: $id) { events { status metadata } } }', { id })).activity.events;
    const unknown = await until(async () => (await told()).find(({ status }: { status: string }) => status === 'UNKNOWN'), { ms: 15_000 });
    expect(unknown.metadata.reason).toMatch(/backup/);
    await makeDue(server.database, [other], () => 100);
    await reached(server, norte.key, other, ['SENT', 'DELIVERED'], 15_000);
    expect([acceptedFor(standIn, left), acceptedFor(standIn, later)]).toEqual([1, 1]);
  });
});
