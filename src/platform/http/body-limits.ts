import { type FastifyInstance } from 'fastify';

/** Gives each route the limit that its `config` names (`bodyLimitBytes`), where it names one. To be called before the routes are made. */
export function limitBodiesByRoute(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimitBytes } = (route.config ?? {}) as { bodyLimitBytes?: number };
    if (bodyLimitBytes !== undefined) route.bodyLimit = bodyLimitBytes;
  });
}
