import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Authenticator } from '../../platform/graphql/authenticator.js';
import { mayBeLarge } from '../../platform/http/body-limits.js';
import { forbidden } from './access.errors.js';
import { type Actor, holds } from './actor.js';
import { Scope } from './scope.js';

/**
 * On these paths, where a body may be large, nothing of one is read from somebody without a credential (401), nor from one who sends nothing (403): before
 * the body, not after it. To be called before the routes are made; other paths' requests know nothing of it.
 */
export function authenticateLargeBodies(fastify: FastifyInstance, paths: readonly string[], authenticator: () => Authenticator): void {
  const authenticate = async (request: FastifyRequest): Promise<void> => {
    if (!mayBeLarge(request)) return;
    const { actor } = await authenticator().authenticate(request.headers.authorization);
    if (!holds(actor as Actor, Scope.DRAFT)) throw forbidden({ scope: Scope.DRAFT });
  };
  fastify.addHook('onRoute', (route) => {
    if (paths.includes(route.url)) route.onRequest = [...[route.onRequest ?? []].flat(), authenticate];
  });
}
