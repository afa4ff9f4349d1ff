import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms, sid } from '../factories/twilio.js';
import { takeAway } from '../support/database.js';
import { ask, deliveries } from '../support/graphql.js';
import { deliver, inParallel, post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { abortActivities, holdLock, refuseActivities, slowCommits } from '../support/trouble.js';
import { until } from '../support/until.js';

describe('A 2xx to a provider means committed', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let sur: TestOrganization;

  beforeAll(async () => {
    server = await TestServer.start();
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
  });
  afterAll(() => server.dispose());

  const sms = (id: string, to = norte, body = 'hola') => inboundSms(server, { sid: id, to: to.number, body });
  const ids = (n: number) => Array.from({ length: n }, () => sid('SM'));
  const health = async (path: string) => (await fetch(`${server.url}/health/${path}`)).status;
  const rowsOf = async (id: string) =>
    (await server.database.query<{ n: number }>('select count(*)::int as n from activity where external_id = $1', [id]))[0]!.n;
  const statesOf = async (all: readonly string[]) => {
    const kept = await deliveries(server);
    return all.map((id) => kept.filter((delivery) => delivery.bodyText.includes(id)).map((delivery) => delivery.state));
  };

  it('a delivery is seen on another connection at the moment it is answered, however slow its commit', async () => {
    const restore = await slowCommits(server.database, 0.1);
    await inParallel(ids(12), 6, async (id) => {
      const { status } = await post(server, sms(id));
      expect([status, await rowsOf(id)]).toEqual([200, 1]);
    });
    await restore();
  });

  it('while the database is away deliveries are refused with 503, and once it is back everything works by itself', async () => {
    const all = ids(12);
    const giveBack = await takeAway(server.database);
    try {
      const answers = await Promise.all(all.map((id) => post(server, sms(id))));
      expect(answers.map((answer) => answer.status)).toEqual(all.map(() => 503));
      expect([await health('ready'), await health('live')]).toEqual([503, 200]);
    } finally {
      await giveBack();
    }
    await until(async () => (await health('ready')) === 200, { what: 'readiness' });
    for (const id of all) expect((await deliver(server, sms(id))).status).toBe(200);
    for (const id of all) expect(await rowsOf(id)).toBe(1);
    expect(await statesOf(all)).toEqual(all.map(() => ['PROCESSED']));
  });

  it('an organization that another holds does not stop the others, and what waited for it is not lost', async () => {
    const [held, free] = [ids(5), ids(20)];
    const release = await holdLock(server.database, norte.id);
    const waiting = held.map((id) => deliver(server, sms(id))); // again and again, as providers do
    const from = Date.now();
    try {
      for (const id of free) expect((await post(server, sms(id, sur))).status).toBe(200);
      expect(Date.now() - from).toBeLessThan(10_000);
      expect(await Promise.all(held.map(rowsOf))).toEqual(held.map(() => 0));
    } finally {
      await release();
    }
    await Promise.all(waiting);
    expect(await Promise.all(held.map(rowsOf))).toEqual(held.map(() => 1));
  });

  it('what waits for an organization that stays held is refused with 503 before a provider gives up', async () => {
    const [id] = ids(1) as [string];
    const release = await holdLock(server.database, norte.id);
    const from = Date.now();
    const { status } = await post(server, sms(id)).finally(release);
    expect(status).toBe(503);
    expect(Date.now() - from).toBeLessThan(10_000);
    expect((await deliver(server, sms(id))).status).toBe(200);
    expect(await rowsOf(id)).toBe(1);
  });

  it('many that wait for it are all refused in time, one behind the other or not, and stored when they come again', async () => {
    const all = ids(30);
    const release = await holdLock(server.database, norte.id);
    const from = Date.now();
    try {
      const answers = await Promise.all(all.map((id) => post(server, sms(id))));
      expect(answers.map((answer) => answer.status)).toEqual(all.map(() => 503));
      expect(Date.now() - from).toBeLessThan(15_000);
    } finally {
      await release();
    }
    for (const id of all) expect((await deliver(server, sms(id))).status).toBe(200);
    expect(await Promise.all(all.map(rowsOf))).toEqual(all.map(() => 1));
  });

  it('a delivery that the database refuses to store is kept as FAILED and answered 2xx, and its neighbours are stored', async () => {
    const restore = await refuseActivities(server.database, "new.body = 'poison'", '22000');
    const [poison, ...neighbours] = ids(25) as [string, ...string[]];
    const release = await holdLock(server.database, norte.id);
    const first = post(server, sms(neighbours[0]!));
    const others = [...neighbours.slice(1, 12), poison, ...neighbours.slice(12)].map((id) =>
      post(server, sms(id, norte, id === poison ? 'poison' : 'hola')),
    );
    await Promise.all([health('live'), health('live')]); // by now the others wait behind the first, to be one group
    await release();
    const answers = await Promise.all([first, ...others]);
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    expect(await statesOf(neighbours)).toEqual(neighbours.map(() => ['PROCESSED']));
    expect(await statesOf([poison])).toEqual([['FAILED']]);
    await restore();

    const [kept] = await deliveries(server, { states: ['FAILED'] });
    const { replayDelivery } = await ask(server, server.adminKey, 'mutation($id: ID!) { replayDelivery(id: $id) { state } }', {
      id: kept.id,
    });
    expect([replayDelivery.state, await rowsOf(poison)]).toEqual(['PROCESSED', 1]);
  });

  it('a transaction that a serialization failure ended is tried again, unseen by the provider', async () => {
    const restore = await abortActivities(server.database, 1, '40001');
    const all = ids(4);
    const answers = await Promise.all(all.map((id) => post(server, sms(id))));
    await restore();
    expect(answers.map((answer) => answer.status)).toEqual(all.map(() => 200));
    expect(await statesOf(all)).toEqual(all.map(() => ['PROCESSED']));
  });

  it('what the database has no space for is refused with 503 and leaves nothing, and is stored when there is space', async () => {
    const restore = await refuseActivities(server.database, 'true', '53100');
    const all = ids(4);
    const answers = await Promise.all(all.map((id) => post(server, sms(id))));
    expect(answers.map((answer) => answer.status)).toEqual(all.map(() => 503));
    expect(answers.map((answer) => answer.text).join()).not.toMatch(/refused by the test|sql|prisma/i);
    expect(await statesOf(all)).toEqual(all.map(() => []));
    await restore();
    for (const id of all) expect((await deliver(server, sms(id))).status).toBe(200);
    expect(await statesOf(all)).toEqual(all.map(() => ['PROCESSED']));
  });
});
