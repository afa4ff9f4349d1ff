import { type FastifyInstance } from 'fastify';

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
