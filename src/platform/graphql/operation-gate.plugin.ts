import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { type RateLimit } from '../http/rate-limit.js';
import { type GraphqlContext } from './graphql-context.js';
import { refuseCost } from './query-limits.js';

/** Before an operation over HTTP runs: its credential, its key's rate, its cost. */
export function operationGate(limit: RateLimit): ApolloServerPlugin<GraphqlContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: async ({ contextValue, schema, document, request, operation, operationName }) => {
          const wait = await limit.take(contextValue.rateKey);
          if (wait !== undefined) throw rateLimited(wait);
          if (contextValue.refusal) throw asUnauthenticated(contextValue.refusal);
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw subscribeElsewhere();
          const refusal = refuseCost(schema, document, request.variables ?? {}, operationName ?? undefined);
          if (refusal) throw refusal;
        },
      }),
  };
}

function subscribeElsewhere(): GraphQLError {
  return new GraphQLError('Subscribe over WebSocket (graphql-transport-ws) on the same path.', {
    extensions: { code: ErrorCode.BAD_USER_INPUT, http: { status: 400 } },
  });
}

/** 401 where the credential is to blame; where we could not look it up, our own failure. */
function asUnauthenticated(refusal: Error): Error {
  if (!(refusal instanceof CodedError)) return refusal;
  return new GraphQLError(refusal.message, { extensions: { code: ErrorCode.UNAUTHENTICATED, http: { status: 401 } } });
}

/** RATE_LIMITED, with 429 and Retry-After where it goes over HTTP. */
export function rateLimited(waitSeconds: number): GraphQLError {
  const headers = new HeaderMap([['retry-after', String(waitSeconds)]]);
  return new GraphQLError(`Too many requests with this key: wait ${waitSeconds} s.`, {
    extensions: { code: ErrorCode.RATE_LIMITED, retryAfterSeconds: waitSeconds, http: { status: 429, headers } },
  });
}
