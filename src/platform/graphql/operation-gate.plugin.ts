import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { type GraphqlContext } from './graphql-context.js';
import { refuseCost } from './query-cost.js';

/** Before an operation over HTTP runs: whether it can, and what it costs. */
export const operationGate: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, request, operation, operationName }) => {
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw subscribeElsewhere();
        const refusal = refuseCost(schema, document, request.variables ?? {}, operationName ?? undefined);
        if (refusal) throw refusal;
        return Promise.resolve();
      },
    }),
};

function subscribeElsewhere(): GraphQLError {
  return new GraphQLError('Subscribe over WebSocket (graphql-transport-ws) on the same path.', {
    extensions: { code: ErrorCode.BAD_USER_INPUT, http: { status: 400 } },
  });
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
