import { type ApolloServerPlugin, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { type FastifyRequest } from 'fastify';
import { getOperationAST, GraphQLError, OperationTypeNode, parse } from 'graphql';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { type GraphqlContext } from './graphql-context.js';
import { refuseCost } from './query-cost.js';
import { QUERY_LIMITS } from './query-limits.js';
import { refuseVariables } from './refuse-variables.js';

/** Before an operation over HTTP runs: whether its variables fit, and what it costs. */
export const operationGate: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, request, operationName }) => {
        const asked = [schema, document, request.variables ?? {}, operationName ?? undefined] as const;
        const refusal = (isShort(request.http) ? undefined : refuseVariables(...asked)) ?? refuseCost(...asked);
        if (refusal) throw refusal;
        return Promise.resolve();
      },
    }),
};

/** What is wrong with the variables of a short request graphql-js says shortly enough, and all of it. */
const SHORT_BYTES = 4_096;

function isShort(http: HTTPGraphQLRequest | undefined): boolean {
  return http?.method === 'POST' && Number(http.headers.get('content-length') ?? Infinity) <= SHORT_BYTES;
}

/** Throws for a subscription. Before Apollo validates it: graphql-js throws there at a root field with a condition, which would be a 500. */
export function refuseSubscription({ method, query, body }: FastifyRequest): void {
  const asked = ((method === 'GET' ? query : body) ?? {}) as { readonly query?: unknown; readonly operationName?: unknown };
  if (typeof asked.query !== 'string' || !asked.query.includes('subscription')) return;
  const name = typeof asked.operationName === 'string' ? asked.operationName : undefined;
  if (operationOf(asked.query, name) !== OperationTypeNode.SUBSCRIPTION) return;
  throw new GraphQLError('Subscribe over WebSocket (graphql-transport-ws) on the same path.', {
    extensions: { code: ErrorCode.BAD_USER_INPUT, http: { status: 400 } },
  });
}

/** Undefined where the text is no document, or does not say which: Apollo has the words for that. */
function operationOf(text: string, name: string | undefined): OperationTypeNode | undefined {
  try {
    return getOperationAST(parse(text, { maxTokens: QUERY_LIMITS.tokens }), name)?.operation;
  } catch {
    return undefined;
  }
}

/** 401 where the credential is to blame; where we could not look it up, our own failure. */
export function asUnauthenticated(refusal: unknown): unknown {
  if (!(refusal instanceof CodedError)) return refusal;
  return new GraphQLError(refusal.message, {
    originalError: refusal,
    extensions: { code: ErrorCode.UNAUTHENTICATED, http: { status: 401 } },
  });
}

/** RATE_LIMITED, with 429 and Retry-After where it goes over HTTP. */
export function rateLimited(waitSeconds: number): GraphQLError {
  const headers = new HeaderMap([['retry-after', String(waitSeconds)]]);
  return new GraphQLError(`Too many requests with this key: wait ${waitSeconds} s.`, {
    extensions: { code: ErrorCode.RATE_LIMITED, retryAfterSeconds: waitSeconds, http: { status: 429, headers } },
  });
}
