import { ask, gql } from '../support/graphql.js';
import { TestServer } from '../support/server.js';

const LIST = `query($search: String, $first: Int, $after: String) {
  organizations(search: $search, first: $first, after: $after) { edges { cursor node { id name senders { address } } } pageInfo { hasNextPage hasPreviousPage endCursor } }
}`;

describe('The list of organizations', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
    for (const [id, name] of [
      ['7', 'Clínica Norte'],
      ['acme', 'ACME 100%'],
      ['acme_2', 'Acme Sur'],
      ['ñandú', 'Taller'],
    ])
      await ask(server, server.adminKey, 'mutation($id: ID, $name: String!) { createOrganization(id: $id, name: $name) { id } }', {
        id,
        name,
      });
  });
  afterAll(() => server.dispose());

  const find = async (variables: Record<string, unknown>) => {
    const { organizations } = await ask(server, server.adminKey, LIST, variables);
    return { ids: organizations.edges.map((edge: { node: { id: string } }) => edge.node.id).sort(), ...organizations };
  };

  it.each([
    ['part of an id, in any case', 'ACME', ['acme', 'acme_2']],
    ['part of a name, in any case', 'clínica n', ['7']],
    ['spaces around it', '  sur ', ['acme_2']],
    ['letters of any script', 'ñ', ['ñandú']],
    ['what LIKE would take for a wildcard', '%', ['acme']],
    ['another such', 'e_', ['acme_2']],
    ['a backslash', '\\', []],
    ['nothing', '', ['1', '7', 'acme', 'acme_2', 'ñandú']],
  ])('by %s finds those that contain it', async (_name, search, ids) => {
    expect((await find({ search })).ids).toEqual(ids);
  });

  it('comes page by page, each organization once', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await find({ first: 2, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...page.ids);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen.sort()).toEqual(['1', '7', 'acme', 'acme_2', 'ñandú']);
  });

  it.each([
    [{ after: 'nonsense' }, 'after'],
    [{ after: Buffer.from([0x23, 111, 0]).toString('base64url') }, 'after'],
    [{ after: Buffer.from([0x23, 97, 49]).toString('base64url') }, 'after'],
    [{ first: 201 }, 'first'],
    [{ search: 'x'.repeat(201) }, 'search'],
    [{ search: '\0' }, 'search'],
  ])('%p is BAD_USER_INPUT that names it', async (variables, field) => {
    const answer = await gql(server, server.adminKey, LIST, variables);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
  });
});
