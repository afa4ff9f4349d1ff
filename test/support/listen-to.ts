import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { type TestServer } from './server.js';

/** What a subscription of one field is told, as it comes, on a socket of its own that ends with its server. */
export function listenTo(server: TestServer, key: string, query: string, variables: object, language = 'en') {
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
  const heard: any[] = [];
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${key}`, 'accept-language': language },
  });
  client.subscribe(
    { query, variables: { ...variables } },
    { next: ({ data, errors }) => heard.push(...(errors ?? Object.values(data ?? {}))), error: () => undefined, complete: () => undefined },
  );
  return heard;
}
