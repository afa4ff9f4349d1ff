import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Authenticator } from '../../platform/graphql/authenticator.js';

/** What is taken in before anybody says who they are. */
const SMALL_BYTES = 2 << 20;
const PATHS = new Set(['/graphql', '/media']);

/** Of what may be large, nothing is read from somebody without a credential: 401 before the body, not after it. */
export function authenticateLargeBodies(fastify: FastifyInstance, authenticator: () => Authenticator): void {
  fastify.addHook('onRequest', async (request) => {
    if (request.method !== 'POST' || !PATHS.has(request.url.split('?', 1)[0]!) || !mayBeLarge(request)) return;
    await authenticator().authenticate(request.headers.authorization);
  });
}

function mayBeLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > SMALL_BYTES;
}
