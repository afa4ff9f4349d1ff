import { type FastifyInstance, type FastifyRequest, type preParsingHookHandler } from 'fastify';
import { type Authenticator } from '../../platform/graphql/authenticator.js';
import { BODY_LIMIT_BYTES, mayBeLarge } from '../../platform/http/body-limits.js';
import { watchedBody } from '../../platform/http/watched-body.js';
import { forbidden } from './access.errors.js';
import { type Actor, holds } from './actor.js';
import { Scope } from './scope.js';

/**
 * On these paths, where a body may be large, nothing of one is read from somebody without a credential (401), nor, beyond what any route takes, from one
 * who sends nothing (403): before the body where it says how large it is. To be called before the routes are made; other paths' requests know nothing of it.
 */
export function authenticateLargeBodies(fastify: FastifyInstance, paths: readonly string[], authenticator: () => Authenticator): void {
  const authenticate = async (request: FastifyRequest): Promise<void> => {
    if (!mayBeLarge(request)) return;
    const { actor } = await authenticator().authenticate(request.headers.authorization);
    if (holds(actor as Actor, Scope.DRAFT)) return;
    if (request.headers['content-length'] !== undefined) throw forbidden({ scope: Scope.DRAFT });
    readers.add(request);
  };
  const readers = new WeakSet<FastifyRequest>();
  const bound: preParsingHookHandler = (request, _reply, payload, done) => {
    if (!readers.has(request)) return done(null, payload);
    let received = 0;
    const body = watchedBody(payload, ({ length }) =>
      (received += length) > BODY_LIMIT_BYTES ? forbidden({ scope: Scope.DRAFT }) : undefined,
    );
    done(null, body);
  };
  fastify.addHook('onRoute', (route) => {
    if (!paths.includes(route.url)) return;
    route.onRequest = [...[route.onRequest ?? []].flat(), authenticate];
    route.preParsing = [...[route.preParsing ?? []].flat(), bound];
  });
}
