import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { hasMoreValues } from './json-values.js';

/** Below the one a body is the bytes a provider signed, below the other a file. */
const RAW = /^\/api\/webhooks\/|^\/media(?:[/?]|$)/;

/** A mail with all that it may bring has some thousands; 14 million, which fit, take gigabytes once they are parsed. */
const MOST_VALUES = 200_000;

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
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (RAW.test(request.url)) return done(null, body);
    if (hasMoreValues(body, MOST_VALUES))
      return done(new CodedError(ErrorCode.BAD_USER_INPUT, `A request must have at most ${MOST_VALUES} values, texts and members.`));
    json(request, body.toString('utf8'), done);
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => done(null, body));
}
