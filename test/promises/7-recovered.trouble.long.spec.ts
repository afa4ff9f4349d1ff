import { createSender, type TestOrganization } from '../factories/organization.js';
import { takeAway } from '../support/database.js';
import { allActivities, ask } from '../support/graphql.js';
import { person, Recovery } from '../support/recovery.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const ACCOUNT = `mutation($o: ID!, $a: String!, $s: JSON!) {
  createProviderAccount(organizationId: $o, provider: TWILIO, accountId: $a, secrets: $s) { id }
}`;

describe('What a provider can still list, we recover, whatever is away meanwhile', () => {
  let world: Recovery<ServerProcess>;
  let norte: TestOrganization;
  beforeAll(async () => {
    world = await Recovery.start(ServerProcess);
    norte = await world.organization('norte');
  });
  afterEach(() => world.standIn.behave());
  afterAll(() => world.stop());

  const writes = (to: string, body = 'hola', account?: string) =>
    world.standIn.act({ from: person(), to, body, ...(account && { account }) });
  /** The provider's ids of its messages, sorted. */
  const idsOf = async (of: TestOrganization): Promise<string[]> =>
    (await allActivities(world.server, of.key, of.id, 'externalId')).map(({ externalId }) => externalId).sort();

  it('a process that is killed in the middle leaves nothing out and nothing twice', async () => {
    const sur = await world.organization('sur');
    const recovered = async () => {
      const query = "select recovered_count as n from sender where address = $1 and channel = 'SMS'";
      return (await world.server.database.query<{ n: number }>(query, [sur.number]))[0]!.n;
    };
    const sent = Array.from({ length: 1_200 }, (_, i) => writes(sur.number, `number ${i}`));
    await until(async () => (await recovered()) > 0, { ms: 30_000 });
    await world.server.crash();
    expect(await recovered()).toBeLessThan(1_200);
    await world.server.launch();
    await world.compared(sur);
    expect(await idsOf(sur)).toEqual([...sent].sort());
    expect(await world.recovered(sur)).toMatchObject({ SMS: 1_200 });
  });

  it('a provider that is away is asked again', async () => {
    await world.standIn.goAway();
    const sid = writes(norte.number);
    await until(() => world.server.printed.includes('reconciliation.failed'));
    await world.standIn.comeBack();
    await world.compared(norte);
    expect(await idsOf(norte)).toContain(sid);
  });

  it('a provider that says how long to wait is not asked before', async () => {
    world.standIn.misbehave({ kind: 'RATE_LIMIT', provider: 'TWILIO', method: 'GET', path: 'Messages.json', retryAfterSeconds: 4 });
    world.standIn.forget();
    const lists = () => world.standIn.requests.filter(({ path }) => path.endsWith('Messages.json'));
    await until(() => lists().some(({ status }) => status === 429));
    const sid = writes(norte.number);
    await world.compared(norte);
    const times = lists().map(({ at }) => Date.parse(at));
    const refused = lists().findIndex(({ status }) => status === 429);
    expect(times[refused + 1]! - times[refused]!).toBeGreaterThanOrEqual(3_900);
    expect(await idsOf(norte)).toContain(sid);
  });

  it('while the database is away nothing is lost, nor the process', async () => {
    const { pid } = world.server;
    const back = await takeAway(world.server.database);
    const sid = writes(norte.number);
    await until(() => /reconciliation\.(failed|not_begun)/.test(world.server.printed), { ms: 20_000 });
    await back();
    await world.compared(norte);
    expect(await idsOf(norte)).toContain(sid);
    expect([world.server.pid, world.server.isRunning]).toEqual([pid, true]);
  });

  it('an organization’s own account is compared too, and for that organization alone', async () => {
    const este = await world.organization('este');
    const [theirs, strangers] = [writes(este.number, 'hola', world.other.sid), writes(norte.number, 'hola', world.other.sid)];
    await ask(world.server, world.server.adminKey, ACCOUNT, { o: este.id, a: world.other.sid, s: { authToken: world.other.token } });
    const unknown = writes(este.number);
    await until(async () => (await idsOf(este)).length === 2, { ms: 20_000 });
    await world.compared(este);
    expect(await idsOf(este)).toEqual([theirs, unknown].sort());
    expect(await idsOf(norte)).not.toContain(strangers);
  });

  it('an account that cannot be listed keeps its senders from seeming compared, and nobody else’s', async () => {
    const oeste = await world.organization('oeste');
    await ask(world.server, world.server.adminKey, ACCOUNT, { o: oeste.id, a: `AC${'0'.repeat(32)}`, s: { authToken: 'f'.repeat(32) } });
    await world.compared(norte);
    const before = (await world.senders(oeste)).map(({ reconciledUntil }) => reconciledUntil);
    const sid = writes(oeste.number);
    await world.compared(norte);
    await world.compared(norte);
    expect(await idsOf(oeste)).toContain(sid);
    expect((await world.senders(oeste)).map(({ reconciledUntil }) => reconciledUntil)).toEqual(before);
  });

  it('what came to a number before it was anybody’s is its new owner’s', async () => {
    const number = '+14155550199';
    const sid = writes(number);
    await world.compared(norte);
    expect(await idsOf(norte)).not.toContain(sid);
    await createSender(world.server, norte.id, number);
    await world.compared(norte);
    expect(await idsOf(norte)).toContain(sid);
  });

  it('two processes compare by turns, and record once', async () => {
    const besides = await ServerProcess.start({
      besides: world.server,
      env: { ...world.environment, RECONCILE_EVERY_SECONDS: '1', SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') },
    });
    try {
      const centro = await world.organization('centro');
      const sent = Array.from({ length: 60 }, () => writes(centro.number));
      await world.compared(centro);
      expect(await idsOf(centro)).toEqual([...sent].sort());
      expect(await world.recovered(centro)).toMatchObject({ SMS: 60 });
      const [path, startedMs] = [`/Accounts/${world.server.accountSid}/Calls.json`, Date.now()];
      world.standIn.forget();
      const asked = () => world.standIn.requests.filter((seen) => seen.path.endsWith(path)).length;
      await until(() => asked() >= 4);
      expect(asked()).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - startedMs) / 1_000));
      await world.server.crash();
      const late = writes(centro.number);
      const there = async () =>
        (await allActivities(besides, centro.key, centro.id, 'externalId')).some(({ externalId }) => externalId === late);
      await until(there, { ms: 20_000 });
      await world.server.launch();
    } finally {
      await besides.dispose();
    }
  });
});
