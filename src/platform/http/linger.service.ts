import { type FastifyInstance } from 'fastify';

/** How long a refused body may still arrive, and be thrown away. */
const LINGER_MS = 10_000;

/**
 * Lets who sent a body too large hear the 413. Fastify closes at once what it does not read, and a sender still
 * writing then sees a reset connection instead of the answer; what it still sends is read and dropped, for a while.
 */
export function lingerAfterTooLarge(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.statusCode === 413 && !request.raw.complete) {
      reply.removeHeader('connection');
      const { socket } = request.raw;
      const giveUp = setTimeout(() => socket.destroy(), LINGER_MS).unref();
      request.raw.once('close', () => clearTimeout(giveUp)).resume();
    }
    done();
  });
}
