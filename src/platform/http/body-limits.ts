import { type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify';

/** A body larger is 413, but where a route says that it takes more: that asks first who it is, or its bytes are counted. */
export const BODY_LIMIT_BYTES = 2 << 20;

/** Whether a body may be larger than the server's limit: it says so, or does not say how large it is. */
export function mayBeLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > BODY_LIMIT_BYTES;
}

/** What its `config` names as a limit of its own. */
export function ownLimitOf({ config }: RouteOptions): number | undefined {
  const { bodyLimitBytes } = (config ?? {}) as { bodyLimitBytes?: number };
  return bodyLimitBytes;
}

/** Gives each route the limit that its `config` names (`bodyLimitBytes`), where it names one. To be called before the routes are made. */
export function limitBodiesByRoute(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const limit = ownLimitOf(route);
    if (limit !== undefined) route.bodyLimit = limit;
  });
}

/** Lets the bodies of some paths be larger than the server's limit, in bytes. Before the routes are made. */
export function limitBodies(fastify: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url in limits) route.bodyLimit = limits[route.url];
  });
}
