import { createOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { ask } from '../support/graphql.js';
import { post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

const TIMES = '{ deliveries(first: 1) { edges { node { receivedAt } } } }';
const BODIES = 'query($o: ID!) { activities(organizationId: $o) { edges { node { body } } } }';

describe("A database of one's own, as people have them", () => {
  const databases: TestDatabase[] = [];
  const servers: ServerProcess[] = [];
  const proxies: DatabaseProxy[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.dispose();
    for (const proxy of proxies.splice(0)) await proxy.stop();
    for (const database of databases.splice(0)) await database.drop();
  });

  const create = async (options?: string) => {
    const database = await createDatabase(options);
    databases.push(database);
    return database;
  };
  /** Started twice, since the second start finds what the first has made; then a delivery is recorded and read again. */
  const serves = async (databaseUrl: string) => {
    const server = await ServerProcess.start({ env: { DATABASE_URL: databaseUrl } });
    servers.push(server);
    expect(await server.stop()).toBe(0);
    await server.launch();
    const norte = await createOrganization(server, 'norte');
    expect((await post(server, inboundSms(server, { to: norte.number, body: 'We open at nine' }))).status).toBe(200);
    expect(await ask(server, norte.key, BODIES, { o: norte.id })).toEqual({
      activities: { edges: [{ node: { body: 'We open at nine' } }] },
    });
    return server;
  };
  const counts = (database: TestDatabase, schemas: readonly string[]) =>
    Promise.all(schemas.map(async (schema) => Number((await database.query(`select count(*) as n from ${schema}.activity`))[0]!.n)));

  it.each([
    ['the options of DATABASE_URL', (url: string) => `${url}&options=-c%20search_path%3Down,public`],
    ['the parameter `schema` of DATABASE_URL', (url: string) => `${url}&schema=own`],
  ])('everything is in the schema that %s names, though tables of these names are in public', async (_name, urlOf) => {
    const database = await create('');
    await database.query(
      'create schema own; create table public.activity (of_another int); create table public._prisma_migrations (of_another int)',
    );
    await serves(urlOf(database.url));
    expect(await counts(database, ['own', 'public'])).toEqual([1, 0]);
  });

  it("a schema of the role's own name is used, as PostgreSQL's own search_path has it", async () => {
    const database = await create('');
    const [{ name }] = (await database.query<{ name: string }>('select current_user as name')) as [{ name: string }];
    await database.query(`create schema "${name}"; create table public._prisma_migrations (of_another int)`);
    await serves(database.url);
    expect(await counts(database, [`"${name}"`])).toEqual([1]);
  });

  it('times are right and our settings hold, whatever zone and style the database has, without a word in the startup message', async () => {
    const database = await create();
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`alter database ${name} set timezone = 'America/Bogota'; alter database ${name} set datestyle = 'SQL, DMY'`);
    const proxy = await DatabaseProxy.start(database.url);
    proxies.push(proxy);
    // A session pooler takes no `options`.
    proxy.loseAnswerTo((bytes, before) => before.length === 0 && bytes.includes('options\0'));
    const server = await serves(proxy.url);
    const { deliveries } = await ask(server, server.adminKey, TIMES);
    const ageMs = Date.now() - Date.parse(deliveries.edges[0].node.receivedAt as string);
    expect([proxy.lost, ageMs >= 0 && ageMs < 60_000]).toEqual([0, true]);
  });
});
