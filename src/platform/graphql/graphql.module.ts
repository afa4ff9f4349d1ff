import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Global, Module } from '@nestjs/common';
import { GraphQLModule, registerEnumType } from '@nestjs/graphql';
import { type FastifyRequest } from 'fastify';
import { ErrorCode } from '../errors/coded-error.js';
import { HttpConfig } from '../http/http.config.js';
import { HttpModule } from '../http/http.module.js';
import { RateLimit } from '../http/rate-limit.js';
import { Log } from '../logging/log.service.js';
import { AUTHENTICATOR, type Authenticator } from './authenticator.js';
import { DateTimeScalar } from './date-time.scalar.js';
import { describeError } from './describe-error.js';
import { type GraphqlContext, languageOf } from './graphql-context.js';
import { GRAPHQL_LIMIT } from './graphql-limit.js';
import { asUnauthenticated, operationGate, rateLimited, refuseSubscription } from './operation-gate.plugin.js';
import { limitRules, QUERY_LIMITS } from './query-limits.js';
import { SocketOperations } from './socket-operations.service.js';
import { WebsocketService } from './websocket.service.js';

registerEnumType(ErrorCode, { name: 'ErrorCode', description: 'What `extensions.code` of an error can be.' });

/** Provides what both transports share. */
@Global()
@Module({
  imports: [HttpModule],
  providers: [
    { provide: GRAPHQL_LIMIT, useFactory: (config: HttpConfig) => new RateLimit(config.RATE_LIMIT_GRAPHQL), inject: [HttpConfig] },
  ],
  exports: [GRAPHQL_LIMIT],
})
class GraphqlLimitModule {}

/**
 * GraphQL over HTTP and WebSocket on /graphql: who asks, how much, and how errors look. Knows no type of the domain.
 * Always: nothing runs without a credential; every error has a code of ErrorCode and neither stack nor SQL.
 */
@Module({
  imports: [
    GraphqlLimitModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      inject: [AUTHENTICATOR, GRAPHQL_LIMIT, Log],
      useFactory: (authenticator: Authenticator, limit: RateLimit, log: Log): ApolloDriverConfig => ({
        path: '/graphql',
        // Earlier, it would wait for the sockets that are told to go only when the application stops.
        stopOnApplicationShutdown: true,
        autoSchemaFile: true,
        sortSchema: true,
        // No field has its type, and clients want its values.
        buildSchemaOptions: { orphanedTypes: [ErrorCode] },
        introspection: true,
        graphiql: false,
        csrfPrevention: true,
        includeStacktraceInErrorResponses: false,
        allowBatchedHttpRequests: false,
        persistedQueries: false,
        validationRules: limitRules,
        parseOptions: { maxTokens: QUERY_LIMITS.tokens },
        plugins: [operationGate],
        context: (request: FastifyRequest) => contextOf(authenticator, limit, request),
        formatError: (formatted, error) => {
          const { shown, unexpected } = describeError(error, formatted);
          if (unexpected !== undefined) log.error('graphql.failed', unexpected);
          return shown;
        },
      }),
    }),
  ],
  providers: [WebsocketService, SocketOperations, DateTimeScalar],
})
export class GraphqlModule {}

/** Throws what ends the request before its text is validated: a credential that is none (401), one that asks too often (429), a subscription (400). */
async function contextOf(authenticator: Authenticator, limit: RateLimit, request: FastifyRequest): Promise<GraphqlContext> {
  const shared = { language: languageOf(request.headers['accept-language']), socket: undefined, loaders: new Map<symbol, unknown>() };
  const { actor, rateKey } = await authenticator.authenticate(request.headers.authorization).catch((refusal: unknown) => {
    takePoint(limit, `address ${request.ip}`);
    throw asUnauthenticated(refusal);
  });
  takePoint(limit, rateKey);
  refuseSubscription(request);
  return { actor, rateKey, ...shared };
}

function takePoint(limit: RateLimit, key: string): void {
  const wait = limit.take(key);
  if (wait !== undefined) throw rateLimited(wait);
}
