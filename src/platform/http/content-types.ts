import { type FastifyInstance, type FastifyRequest } from 'fastify';

/** Below the one a body is the bytes a provider signed, below the other a file. */
const RAW = /^\/api\/webhooks\/|^\/media(?:[/?]|$)/;

/**
 * Hands the bodies of webhooks and files on as they came, whatever their type: a parser would answer broken JSON or an empty body before
 * the guard has seen who sent it. Elsewhere JSON is parsed, and another type is left to whoever refuses it.
 */
export function keepRawBodies(fastify: FastifyInstance): void {
  const json = fastify.getDefaultJsonParser('error', 'error') as (
    request: FastifyRequest,
    body: string,
    done: (error: Error | null, value?: unknown) => void,
  ) => void;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) =>
    RAW.test(request.url) ? done(null, body) : json(request, body.toString('utf8'), done),
  );
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => done(null, body));
}
