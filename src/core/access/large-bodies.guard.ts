import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Authenticator } from '../../platform/graphql/authenticator.js';

/** What is taken in before anybody says who they are. */
const SMALL_BYTES = 2 << 20;

/**
 * On these paths, where a body may be large, nothing of one is read from somebody without a credential: 401 before the body, not after it. To be
 * called before the routes are made; other paths' requests know nothing of it.
 */
export function authenticateLargeBodies(fastify: FastifyInstance, paths: readonly string[], authenticator: () => Authenticator): void {
  const authenticate = async (request: FastifyRequest): Promise<void> => {
    if (mayBeLarge(request)) await authenticator().authenticate(request.headers.authorization);
  };
  fastify.addHook('onRoute', (route) => {
    if (paths.includes(route.url)) route.onRequest = [...[route.onRequest ?? []].flat(), authenticate];
  });
}

function mayBeLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > SMALL_BYTES;
}
