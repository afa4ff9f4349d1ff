import { type FastifyInstance } from 'fastify';

/** Lets the bodies of some paths be larger than the server's limit, in bytes. Before the routes are made. */
export function limitBodies(fastify: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url in limits) route.bodyLimit = limits[route.url];
  });
}
