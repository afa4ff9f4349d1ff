import { Transform } from 'node:stream';
import { type FastifyInstance, type preParsingHookHandler, type RouteOptions } from 'fastify';
import { Unavailable } from '../errors/unavailable.js';

/** A body larger is 413, but where a route says that it takes more: that asks first who it is, or its bytes are counted. */
export const BODY_LIMIT_BYTES = 2 << 20;

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

/**
 * Bounds the bytes of all requests together that are under way on some routes, as they come and beyond what any route takes: one that finds no room is 503, to be sent again. What somebody only says that is to come takes none. Before the routes are made.
 */
export function boundBodiesInFlight(fastify: FastifyInstance, mostBytes: number, isBounded: (route: RouteOptions) => boolean): void {
  let inFlight = 0;
  fastify.addHook('onRoute', (route) => {
    if (!isBounded(route)) return;
    const count: preParsingHookHandler = (request, reply, payload, done) => {
      let received = 0;
      let held = 0;
      let given = false;
      const { socket } = request.raw;
      const giveBack = (): void => {
        socket.off('close', giveBack);
        if (!given) inFlight -= held;
        given = true;
      };
      // Of a pipelined request whose connection breaks before its turn the answer is never closed.
      reply.raw.once('close', giveBack);
      socket.once('close', giveBack);
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, taken) {
          received += chunk.length;
          const more = Math.min(chunk.length, Math.max(0, received - BODY_LIMIT_BYTES));
          if (inFlight + more > mostBytes) return taken(new Unavailable('Too much is being read already. Send it again.'));
          if (!given) {
            held += more;
            inFlight += more;
          }
          taken(null, chunk);
        },
      });
      payload.on('error', (error) => counted.destroy(error));
      done(null, payload.pipe(counted));
    };
    route.preParsing = [...[route.preParsing ?? []].flat(), count];
  });
}
