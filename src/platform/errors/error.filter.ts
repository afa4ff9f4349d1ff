import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { lingerAfterRefusal } from '../http/linger.service.js';
import { Log } from '../logging/log.service.js';
import { CodedError, ErrorCode } from './coded-error.js';
import { Unavailable } from './unavailable.js';

/** The one error filter: over REST a line of JSON, never a stack; over GraphQL the error goes on, to be described there. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType<'http' | 'graphql'>() === 'graphql') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { status, message } = this.describe(error, request);
    if (status === 413 || status === 503) lingerAfterRefusal(request, reply);
    const body = request.url.startsWith('/graphql')
      ? graphqlError(error instanceof CodedError ? error.code : status < 500 ? ErrorCode.BAD_USER_INPUT : ErrorCode.INTERNAL, message)
      : { statusCode: status, error: message, requestId: request.id };
    return reply.status(status).type('application/json').send(body);
  }

  private describe(error: unknown, request: FastifyRequest): { status: number; message: string } {
    if (error instanceof CodedError) return { status: STATUSES[error.code] ?? 400, message: error.message };
    if (error instanceof Unavailable) return { status: 503, message: error.message };
    if (error instanceof HttpException) return { status: error.getStatus(), message: messageOf(error) };
    const { statusCode } = error as { statusCode?: number };
    // Fastify's own refusals: 400, 413, 415.
    if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
      return { status: statusCode, message: REFUSALS[statusCode] ?? 'The request could not be read.' };
    this.log.error('http.failed', error, { requestId: request.id, url: request.url.split('?', 1)[0] });
    return { status: 500, message: 'Something went wrong on our side. It was logged; please try again.' };
  }
}

const STATUSES: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  INTERNAL: 500,
};
const REFUSALS: Record<number, string> = { 413: 'The body is too large.', 415: 'That Content-Type is not read here.' };

function messageOf(error: HttpException): string {
  const response = error.getResponse();
  if (typeof response === 'string') return response;
  const { message } = response as { message?: string | string[] };
  return Array.isArray(message) ? message.join('; ') : (message ?? error.message);
}

/** A request that did not get as far as GraphQL is answered as GraphQL answers. */
function graphqlError(code: ErrorCode, message: string): { errors: { message: string; extensions: { code: ErrorCode } }[] } {
  return { errors: [{ message, extensions: { code } }] };
}
