import { Transform } from 'node:stream';
import { type RequestPayload } from 'fastify';

/** The same body, each piece looked at as it passes; what `look` answers ends it. */
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
  return payload.pipe(passed);
}
