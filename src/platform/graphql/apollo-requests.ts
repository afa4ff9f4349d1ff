import { HttpException } from '@nestjs/common';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, type HookHandlerDoneFunction } from 'fastify';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { tooLong } from './query-limits.js';

const NO_UPGRADE = 'A WebSocket came here without its upgrade: let the proxy in front pass the headers Upgrade and Connection on.';

/** Readies requests for Apollo's handler. To be called before the routes are made; other paths' requests know nothing of it. */
export function prepareApolloRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url !== '/graphql') return;
    route.onRequest = [...[route.onRequest ?? []].flat(), prepare];
    route.preValidation = [...[route.preValidation ?? []].flat(), checkText];
  });
}

function prepare(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { method, headers, protocol, hostname } = request;
  // The handler makes a URL of them, and throws at one that is none.
  if (!URL.canParse(`${protocol}://${hostname}/`))
    return done(new CodedError(ErrorCode.BAD_USER_INPUT, 'The Host header must name a host.'));
  // Upgrade and Connection are of one connection alone: a proxy passes them on only where it is told to.
  if (method === 'GET' && headers['sec-websocket-key'] !== undefined) {
    void reply.header('upgrade', 'websocket');
    return done(new HttpException(NO_UPGRADE, 426));
  }
  // Whoever names a bearer may ask by GET, as urql does with short queries: no page of another site can, without a preflight. Of a POST the
  // content type goes on deciding. Source: Apollo Server's docs, "Configuring CORS", CSRF prevention.
  if (method === 'GET' && /^bearer /i.test(headers.authorization ?? '')) headers['apollo-require-preflight'] = 'true';
  done();
}

/** Before anybody parses it: a text of 30 MB takes five seconds to read. */
function checkText({ body }: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  const { query } = (body ?? {}) as { query?: unknown };
  const refusal = typeof query === 'string' ? tooLong(query) : undefined;
  if (refusal === undefined) done();
  else done(new CodedError(ErrorCode.QUERY_TOO_COMPLEX, refusal));
}
