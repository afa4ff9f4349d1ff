import { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';

/** Fastify's own answer to a path that no route can read (`/%`, one part longer than it takes), in the form of all others. */
export function answerFrameworkError({ statusCode = 400 }: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .status(statusCode)
    .type('application/json')
    .send({ statusCode, error: 'The path of the request could not be read.', requestId: request.id });
}
