import { type FastifyInstance, type preParsingHookHandler, type RouteOptions } from 'fastify';
import { Unavailable } from '../errors/unavailable.js';
import { BODY_LIMIT_BYTES, mayBeLarge } from './body-limits.js';
import { Pace } from './pace.js';
import { brokenOff, watchedBody } from './watched-body.js';

/** A body that is being read, and the room it takes. */
interface Reading {
  readonly begunAt: number;
  readonly pace: Pace;
  received: number;
  held: number;
  /** Whether all of it has come. */
  readonly isWhole: () => boolean;
  /** Ends it: 503, to be sent again. */
  readonly giveWay: () => void;
}

/** Whoever has taken so long, and of whom nearly nothing came lately, gives way to others. */
const PATIENCE_MS = 10_000;
const NEARLY_NOTHING_BYTES = 100_000;
const TOO_MUCH = 'Too much is being read already. Send it again.';

/**
 * Bounds the bytes of all requests together that are under way on some routes, as they come and beyond what any route takes: one that finds no room is
 * 503, to be sent again, but where another has come to a halt. What somebody only says that is to come takes none. Before the routes are made.
 */
export function boundBodiesInFlight(fastify: FastifyInstance, mostBytes: number, isBounded: (route: RouteOptions) => boolean): void {
  const readings = new Set<Reading>();
  let inFlight = 0;
  const letGo = (reading: Reading): void => {
    if (readings.delete(reading)) inFlight -= reading.held;
  };
  const hasRoom = (more: number, own: Reading): boolean => {
    while (inFlight + more > mostBytes) {
      const stalled = stalledOf(readings, own);
      if (!stalled) return false;
      letGo(stalled);
      stalled.giveWay();
    }
    return true;
  };
  const count: preParsingHookHandler = (request, reply, payload, done) => {
    if (!mayBeLarge(request)) return done(null, payload);
    const { socket } = request.raw;
    // It broke while something asked who it is: nothing would tell of its end any more, and its room would be taken for good.
    if (payload.destroyed || socket.destroyed) return done(brokenOff());
    const begunAt = performance.now();
    const reading: Reading = {
      begunAt,
      pace: new Pace(begunAt),
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
    const counted = watchedBody(payload, ({ length }) => {
      reading.received += length;
      reading.pace.came(length, performance.now());
      const more = Math.min(length, Math.max(0, reading.received - BODY_LIMIT_BYTES));
      if (!hasRoom(more, reading)) return new Unavailable(TOO_MUCH);
      if (readings.has(reading)) {
        reading.held += more;
        inFlight += more;
      }
      return undefined;
    });
    done(null, counted);
  };
  fastify.addHook('onRoute', (route) => {
    if (isBounded(route)) route.preParsing = [...[route.preParsing ?? []].flat(), count];
  });
}

/** Of whom the least came lately. */
function stalledOf(readings: ReadonlySet<Reading>, own: Reading): Reading | undefined {
  const now = performance.now();
  return [...readings]
    .filter((one) => one !== own && one.held > 0 && !one.isWhole() && now - one.begunAt > PATIENCE_MS)
    .map((one) => ({ one, lately: one.pace.lately(now) }))
    .filter(({ lately }) => lately < NEARLY_NOTHING_BYTES)
    .sort((a, b) => a.lately - b.lately)[0]?.one;
}
