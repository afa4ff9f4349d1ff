import { type FastifyReply, type FastifyRequest } from 'fastify';

/** How long a refused body may still arrive, and be thrown away. */
const LINGER_MS = 10_000;

/**
 * Lets who sent a body that is not read hear why (413, 503). Fastify closes at once what it does not read, and a sender still
 * writing then sees a reset connection instead of the answer; what it still sends is read and dropped, for a while.
 */
export function lingerAfterRefusal({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  reply.removeHeader('connection');
  const giveUp = setTimeout(() => raw.socket.destroy(), LINGER_MS).unref();
  raw.once('close', () => clearTimeout(giveUp)).resume();
}
