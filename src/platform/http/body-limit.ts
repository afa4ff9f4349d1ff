import { type FastifyInstance } from 'fastify';

/** Routes whose config says `bodyLimitBytes` (`@RouteConfig`) take bodies up to that; all others what the server takes. Before any route is made. */
export function obeyBodyLimits(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimitBytes } = (route.config ?? {}) as { bodyLimitBytes?: number };
    if (bodyLimitBytes !== undefined) route.bodyLimit = bodyLimitBytes;
  });
}
