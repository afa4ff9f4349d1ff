import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { lingerAfterRefusal } from './linger.service.js';

/** Gives each route the limit that its `config` names (`bodyLimitBytes`), where it names one. To be called before the routes are made. */
export function limitBodiesByRoute(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimitBytes } = (route.config ?? {}) as { bodyLimitBytes?: number };
    if (bodyLimitBytes !== undefined) route.bodyLimit = bodyLimitBytes;
  });
}

/** Lets the bodies of some paths be larger than the server's limit, in bytes. Before the routes are made. */
export function limitBodies(fastify: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url in limits) route.bodyLimit = limits[route.url];
  });
}

/** What any route takes: whoever fills the room for large ones stops none of these. */
const SMALL_BYTES = 2 << 20;

/**
 * Bounds the bytes of all requests together that are under way on routes with a limit of their own (`bodyLimitBytes`): one that finds no room is 503, to be
 * sent again. Before the routes are made.
 */
export function boundBodiesInFlight(fastify: FastifyInstance, mostBytes: number): void {
  let inFlight = 0;
  fastify.addHook('onRoute', (route) => {
    const { bodyLimitBytes } = (route.config ?? {}) as { bodyLimitBytes?: number };
    if (bodyLimitBytes === undefined) return;
    const takeRoom = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
      const { headers, id } = request;
      // One that does not say how long it is may be as long as any.
      const bytes = Math.min(Number(headers['content-length'] ?? bodyLimitBytes), bodyLimitBytes);
      if (bytes <= SMALL_BYTES) return;
      if (inFlight + bytes > mostBytes) {
        const error = 'Too much is being read already. Send it again.';
        lingerAfterRefusal(request, reply);
        return reply.status(503).header('retry-after', '5').send({ statusCode: 503, error, requestId: id });
      }
      inFlight += bytes;
      reply.raw.once('close', () => (inFlight -= bytes));
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), takeRoom];
  });
}
