import { type TestServer } from './server.js';

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  readonly data: any;
  readonly errors: readonly { message: string; path?: string[]; extensions: Record<string, unknown> }[] | undefined;
  /** Of the first error. */
  readonly code: unknown;
  readonly text: string;
}

/** One operation over HTTP. */
export async function gql(
  server: TestServer,
  key: string | undefined,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }), ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as Pick<GraphqlAnswer, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, data, errors, code: errors?.[0]?.extensions.code, text };
}

/** The data of an operation that must go well. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
export async function ask(server: TestServer, key: string, query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const answer = await gql(server, key, query, variables);
  if (answer.errors) throw new Error(`${query.slice(0, 100)}: ${answer.text}`);
  return answer.data;
}

export const ACTIVITY = `id organizationId channel direction status revision origin from to subject body durationSeconds provider externalId occurredAt cursor metadata
  error { code message hint retryable } attachments { id state contentType fileName sizeBytes inline } milestones { status at } events { id kind status cursor occurredAt occurredAtEstimated metadata } contact { id name }`;

/** Every activity of an organization, page by page. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
export async function allActivities(server: TestServer, key: string, organizationId: string, selection = ACTIVITY): Promise<any[]> {
  const all: unknown[] = [];
  for (let after: string | null = null; ;) {
    const { activities } = await ask(
      server,
      key,
      `query($o: ID!, $after: String) { activities(organizationId: $o, first: 200, after: $after) { edges { node { ${selection} } } pageInfo { hasNextPage endCursor } } }`,
      { o: organizationId, after },
    );
    all.push(...activities.edges.map((edge: { node: unknown }) => edge.node));
    if (!activities.pageInfo.hasNextPage) return all;
    after = activities.pageInfo.endCursor;
  }
}

/** Deliveries the administrator sees, newest first. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
export async function deliveries(server: TestServer, filter: Record<string, unknown> = {}): Promise<any[]> {
  const { deliveries: found } = await ask(
    server,
    server.adminKey,
    `query($f: DeliveryFilter) { deliveries(filter: $f, first: 200) { edges { node { id state error problems { index message } bodyText bodyBase64 headers activities { id } } } } }`,
    { f: filter },
  );
  return found.edges.map((edge: { node: unknown }) => edge.node);
}
