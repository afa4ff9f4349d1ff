import { createSendingOrganization, newNumber, newRecipient, send, type SendingOrganization } from '../factories/sends.js';
import { gql } from '../support/graphql.js';
import { inParallel } from '../support/post.js';
import { acceptedFor, activityOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { ServerProcess } from '../support/server-process.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { until } from '../support/until.js';

const CANCEL = 'mutation($id: ID!) { cancelActivity(id: $id) { id status } }';
const numbers = (n: number) => Array.from({ length: n }, () => newNumber());

describe('Two processes on one database', () => {
  let servers: readonly [ServerProcess, ServerProcess];
  let standIn: StandInWorld['standIn'];
  let norte: SendingOrganization;
  let sur: SendingOrganization;

  beforeAll(async () => {
    const world = await startServerWithStandIn({}, ServerProcess);
    standIn = world.standIn;
    servers = [world.server, await ServerProcess.start({ besides: world.server, env: world.environment })];
    [norte, sur] = [await createSendingOrganization(servers[0], 'norte'), await createSendingOrganization(servers[0], 'sur')];
  });
  beforeEach(() => standIn.behave());
  afterAll(async () => {
    await servers[1].dispose();
    await servers[0].dispose();
    await standIn.stop();
  });

  const either = (i: number) => servers[i % 2]!;
  const sendVia = (i: number, to: string, input: object = {}, organization = norte) =>
    send(either(i), organization, 'SMS', to, { input: { ...input } });
  const end = (id: string, ms?: number) => reached(servers[0], norte.key, id, 'DELIVERED', ms);
  /** For a far later moment: their ids. */
  const schedule = async (all: readonly string[]) => {
    const ids: string[] = [];
    await inParallel(
      all,
      20,
      async (to, i) => void (ids[i] = (await sendVia(i, to, { sendAt: new Date(Date.now() + 3_600_000).toISOString() })).id),
    );
    return ids;
  };

  it('one key from 50 requests at once is one send, and each hears of the same activity', async () => {
    const [to, idempotencyKey] = [newNumber(), 'a key of theirs'];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => sendVia(i, to, { idempotencyKey })));
    expect(answers.map(({ errors }) => errors)).toEqual(answers.map(() => undefined));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    await end(answers[0]!.id);
    expect([requestsTo(standIn, to).length, acceptedFor(standIn, to)]).toEqual([1, 1]);
  });

  it('one key from 50 requests for several recipients is one send to each', async () => {
    const [to, idempotencyKey] = [Array.from({ length: 3 }, () => newRecipient('EMAIL')), 'a key of three'];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => send(either(i), norte, 'EMAIL', '', { input: { to, idempotencyKey }, selection: 'id to' })),
    );
    expect(answers.map(({ sent }) => sent)).toEqual(answers.map(() => answers[0]!.sent));
    expect(answers[0]!.sent.map((activity) => activity.to)).toEqual(to);
    for (const { id } of answers[0]!.sent) await reached(servers[0], norte.key, id, 'OPENED');
    expect(to.map((one) => requestsTo(standIn, one).length)).toEqual([1, 1, 1]);
  });

  it('of two inputs with one key at once one is sent, and the others hear IDEMPOTENCY_CONFLICT', async () => {
    const [[one, other], idempotencyKey] = [numbers(2) as [string, string], 'a key of two'];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => sendVia(i, i % 4 < 2 ? one : other, { idempotencyKey })));
    const [taken, refused] = [answers.filter(({ errors }) => !errors), answers.filter(({ errors }) => errors)];
    expect([taken.length, new Set(taken.map(({ id }) => id)).size]).toEqual([10, 1]);
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'IDEMPOTENCY_CONFLICT'));
    await end(taken[0]!.id);
    expect(requestsTo(standIn, one).length + requestsTo(standIn, other).length).toBe(1);
  });

  it('a key is of its organization', async () => {
    const [to, input] = [newNumber(), { idempotencyKey: 'a key of both' }];
    const answers = await Promise.all([sendVia(0, to, input), sendVia(1, to, input, sur)]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(2);
    await until(() => requestsTo(standIn, to).length === 2, { what: 'a request of each' });
  });

  it('of 200 that are scheduled for one moment each leaves once', async () => {
    const all = numbers(200);
    const ids = await schedule(all);
    expect(all.map((to) => requestsTo(standIn, to).length)).toEqual(all.map(() => 0));
    const now = await makeDue(servers[0].database, ids, () => 500);
    await inParallel(ids, 10, async (id) => void (await end(id, 30_000)));
    expect(all.map((to) => [requestsTo(standIn, to).length, acceptedFor(standIn, to)])).toEqual(all.map(() => [1, 1]));
    const earliest = Math.min(...all.map((to) => Date.parse(requestsTo(standIn, to)[0]!.at)));
    expect(earliest).toBeGreaterThanOrEqual(now + 500);
  });

  it('of 100 that are canceled at the moment they are due each is canceled or sent, and the answer tells which', async () => {
    const all = numbers(100);
    const ids = await schedule(all);
    // Due one after the other, and canceled a little before, at that moment, or a little after.
    const dueInMs = (i: number) => 500 + i * 20;
    const now = await makeDue(servers[0].database, ids, dueInMs);
    const answers = await Promise.all(
      ids.map(async (id, i) => {
        await until(() => Date.now() >= now + dueInMs(i) + [-300, -20, -5, 0, 5, 20, 1_500][i % 7]!);
        const { data, code } = await gql(either(i), norte.key, CANCEL, { id });
        return { canceled: data?.cancelActivity.status === 'CANCELED', code };
      }),
    );
    for (const [i, { canceled, code }] of answers.entries()) {
      const { status } = canceled ? await activityOf(servers[0], norte.key, ids[i]!) : await end(ids[i]!);
      expect([code, status, requestsTo(standIn, all[i]!).length]).toEqual(
        canceled ? [undefined, 'CANCELED', 0] : ['BAD_USER_INPUT', 'DELIVERED', 1],
      );
    }
    const canceled = answers.filter((answer) => answer.canceled).length;
    expect([canceled > 0, canceled < 100]).toEqual([true, true]);
  });
});
