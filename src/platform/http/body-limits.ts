import { Transform } from 'node:stream';
import { type FastifyInstance, type FastifyRequest, type preParsingHookHandler, type RouteOptions } from 'fastify';
import { Unavailable } from '../errors/unavailable.js';

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

/** A body that is being read, and the room it takes. */
interface Reading {
  readonly begunAt: number;
  received: number;
  held: number;
  /** Whether all of it has come. */
  readonly isWhole: () => boolean;
  /** Ends it: 503, to be sent again. */
  readonly giveWay: () => void;
}

/** Who has taken so long gives way to others, the slowest first. */
const PATIENCE_MS = 10_000;
const TOO_MUCH = 'Too much is being read already. Send it again.';

/**
 * Bounds the bytes of all requests together that are under way on some routes, as they come and beyond what any route takes: one that finds no room is
 * 503, to be sent again, but where another has been coming slowly for long. What somebody only says that is to come takes none. Before the routes are made.
 */
export function boundBodiesInFlight(fastify: FastifyInstance, mostBytes: number, isBounded: (route: RouteOptions) => boolean): void {
  const readings = new Set<Reading>();
  let inFlight = 0;
  const letGo = (reading: Reading): void => {
    if (readings.delete(reading)) inFlight -= reading.held;
  };
  const hasRoom = (more: number, own: Reading): boolean => {
    while (inFlight + more > mostBytes) {
      const slowest = slowestOf(readings, own);
      if (!slowest) return false;
      letGo(slowest);
      slowest.giveWay();
    }
    return true;
  };
  fastify.addHook('onRoute', (route) => {
    if (!isBounded(route)) return;
    const count: preParsingHookHandler = (request, reply, payload, done) => {
      if (!mayBeLarge(request)) return done(null, payload);
      const { socket } = request.raw;
      const reading: Reading = {
        begunAt: Date.now(),
        received: 0,
        held: 0,
        isWhole: () => counted.writableEnded,
        giveWay: () => counted.destroy(new Unavailable(TOO_MUCH)),
      };
      readings.add(reading);
      const giveBack = (): void => {
        socket.off('close', giveBack);
        letGo(reading);
        // What was refused before it was read is still to come, before the connection's next request.
        payload.unpipe(counted);
        payload.resume();
      };
      // Of a pipelined request whose connection breaks before its turn the answer is never closed.
      reply.raw.once('close', giveBack);
      socket.once('close', giveBack);
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, taken) {
          reading.received += chunk.length;
          const more = Math.min(chunk.length, Math.max(0, reading.received - BODY_LIMIT_BYTES));
          if (!hasRoom(more, reading)) return taken(new Unavailable(TOO_MUCH));
          if (readings.has(reading)) {
            reading.held += more;
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

function slowestOf(readings: ReadonlySet<Reading>, own: Reading): Reading | undefined {
  const now = Date.now();
  const rateOf = ({ begunAt, received }: Reading): number => received / (now - begunAt);
  return [...readings]
    .filter((one) => one !== own && one.held > 0 && !one.isWhole() && now - one.begunAt > PATIENCE_MS)
    .reduce<Reading | undefined>((slowest, one) => (slowest && rateOf(slowest) <= rateOf(one) ? slowest : one), undefined);
}
