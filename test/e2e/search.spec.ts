import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { ask, gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';

const LIST = `query($o: ID!, $s: String) { activities(organizationId: $o, filter: { search: $s }) { edges { node { body } } } }`;

describe('The search for activities', () => {
  let server: TestServer;
  let norte: TestOrganization;
  beforeAll(async () => {
    server = await TestServer.start();
    norte = await createOrganization(server, 'norte');
    const sur = await createOrganization(server, 'sur');
    await post(server, inboundSms(server, { to: sur.number, body: 'La factura de otro' }));
    for (const [from, body] of [
      ['+34600111222', '¿Cuándo llega la FACTURA de José?'],
      ['+34600333444', 'facturas, otra vez: 100% pagado'],
      ['+525512345678', 'El piñón_azul \\ está roto'],
      ['+12025550147', `${'x '.repeat(12_000)}tarde`],
      ['+5511987654321', 'olá'],
      ['+5491123456789', 'hola'],
    ] as const)
      await post(server, inboundSms(server, { from, to: norte.number, body }));
  });
  afterAll(() => server.dispose());

  const find = async (s: string): Promise<string[]> => {
    const { activities } = await ask(server, norte.key, LIST, { o: norte.id, s });
    return activities.edges.map(({ node }: { node: { body: string } }) => node.body.slice(0, 5)).sort();
  };

  it.each([
    ['a word, in any case, within words', 'factura', ['factu', '¿Cuán']],
    ['all words, in any order', 'JOSÉ factura', ['¿Cuán']],
    ['capitals with accents', 'PIÑÓN', ['El pi']],
    ['part of an address', '600333', ['factu']],
    ['a word and an address', 'factura +34600111222', ['¿Cuán']],
    ['what LIKE would take for a wildcard', '100%', ['factu']],
    ['another such', 'n_a', ['El pi']],
    ['a backslash', '\\', ['El pi']],
    ['two letters', 'xx', []],
    ['a word that is nowhere', 'factura inexistente', []],
    ['what stands after the first 20,000 characters', 'tarde', []],
    ['nothing', '  ', ['El pi', 'factu', 'hola', 'olá', 'x x x', '¿Cuán']],
  ])('finds by %s', async (_name, search, bodies) => {
    expect(await find(search)).toEqual(bodies);
  });

  it.each([
    ['+34600111222', '+34600111222'],
    ['+34 600 111 222', '+34600111222'],
    [' whatsapp:+34600111222', '+34600111222'],
    ['whatsapp:5215512345678', '+525512345678'],
    ['tel:+34600111222', '+34600111222'],
    ['34600111222', '+34600111222'],
    ['+52 1 55 1234 5678', '+525512345678'],
    ['+551187654321', '+5511987654321'],
    ['+54 11 2345-6789', '+5491123456789'],
  ])('a participant may be written %j', async (participant, from) => {
    const list = `query($o: ID!, $p: String) { activities(organizationId: $o, filter: { participant: $p }) { edges { node { from } } } }`;
    const { activities } = await ask(server, norte.key, list, { o: norte.id, p: participant });
    expect(activities.edges).toEqual([{ node: { from } }]);
  });

  it.each(['x'.repeat(201), 'a b c d e f g h i j k', 'a\0b'])(
    '%j is BAD_USER_INPUT: it takes at most 200 characters, ten words, and no U+0000',
    async (s) => {
      const answer = await gql(server, norte.key, LIST, { o: norte.id, s });
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    },
  );

  it('has an index, and works without', async () => {
    const indexes = `select indexname as name from pg_indexes where indexname = 'activity_words_idx'`;
    expect(await server.database.query(indexes)).toEqual([{ name: 'activity_words_idx' }]);
    await server.database.query('drop index activity_words_idx');
    expect(await find('josé')).toEqual(['¿Cuán']);
  });
});
