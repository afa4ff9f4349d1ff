import { type FastifyInstance, type FastifyRequest, type HookHandlerDoneFunction } from 'fastify';
import { CodedError, ErrorCode } from '../errors/coded-error.js';

/** Readies requests for Apollo's handler. To be called before the routes are made; other paths' requests know nothing of it. */
export function prepareApolloRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === '/graphql') route.onRequest = [...[route.onRequest ?? []].flat(), prepare];
  });
}

function prepare(request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  const { method, headers, protocol, hostname } = request;
  // The handler makes a URL of them, and throws at one that is none.
  if (!URL.canParse(`${protocol}://${hostname}/`))
    return done(new CodedError(ErrorCode.BAD_USER_INPUT, 'The Host header must name a host.'));
  // Whoever names a bearer may ask by GET, as urql does with short queries: no page of another site can, without a preflight. Of a POST the
  // content type goes on deciding. Source: Apollo Server's docs, "Configuring CORS", CSRF prevention.
  if (method === 'GET' && /^bearer /i.test(headers.authorization ?? '')) headers['apollo-require-preflight'] = 'true';
  done();
}
