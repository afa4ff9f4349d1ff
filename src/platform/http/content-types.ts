import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { hasMoreValues } from './json-values.js';

/** Below the one a body is the bytes a provider signed, below the other a file. */
const RAW = /^\/api\/webhooks\/|^\/media(?:[/?]|$)/;

/** A mail with all that it may bring has some thousands; 14 million, which fit, take gigabytes once they are parsed. */
const MOST_VALUES = 200_000;

/** What a parser must not make members of. */
const FORBIDDEN_NAME = new CodedError(
  ErrorCode.BAD_USER_INPUT,
  'No member may be called __proto__, or constructor with a prototype in it.',
);

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
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
      return done(new CodedError(ErrorCode.BAD_USER_INPUT, 'A body must come without Content-Encoding.'));
    const text = body.toString('utf8');
    json(request, text, (error, value) => done(error && isJson(text) ? FORBIDDEN_NAME : error, value));
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => done(null, body));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
