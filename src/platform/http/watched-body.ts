import { Transform } from 'node:stream';
import { type RequestPayload } from 'fastify';
import { Unavailable } from '../errors/unavailable.js';

/** What a body ends with whose connection ended before it. */
export const brokenOff = (): Error => new Unavailable('The connection was closed before the body had come.');

/** The same body, each piece looked at as it passes; what `look` answers ends it, and so does its connection's end before its own. */
export function watchedBody(payload: RequestPayload, look: (piece: Buffer) => Error | undefined): Transform {
  const passed = new Transform({
    transform(piece: Buffer, _encoding, taken) {
      const refusal = look(piece);
      if (refusal) taken(refusal);
      else taken(null, piece);
    },
  });
  // Nobody may read it any more, or not yet, when its connection breaks: unheard, the error would end the process.
  passed.on('error', () => undefined);
  payload.on('error', (error) => passed.destroy(error));
  const end = (): void => void (payload.readableEnded || passed.destroy(brokenOff()));
  // It may have broken while something asked who it is.
  if (payload.destroyed) end();
  else payload.once('close', end);
  return payload.pipe(passed);
}
