import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { asObject, pathOf, queryOf, shortened } from './form-parameters.js';
import { fbtraceId } from './invent.service.js';
import { metaError, REFUSALS } from './meta-errors.js';
import { type Misbehavior, takesEffect } from './misbehavior.js';
import { type SimulatedProvider } from './provider-delivery.js';
import { type Stage } from './stage.js';
import { refuse, twilioError } from './twilio-errors.js';

/** Whose API a path is; undefined: nobody's. */
function providerOf(path: string): SimulatedProvider | undefined {
  if (/^\/(?:2010-04-01|v1)\//.test(path)) return 'TWILIO';
  if (path.startsWith('/v3/')) return 'SENDGRID';
  return /^\/(?:v\d+\.\d+|whatsapp_business)\//.test(path) ? 'META' : undefined;
}

/** Keeps a log of what the providers are asked, and does wrong what was ordered: before the body is read, before the request takes effect, or instead of its answer. */
export function logAndMisbehave(app: FastifyInstance, { memory, misbehaviors }: Stage): void {
  app.decorateRequest('turn', null);

  app.addHook('onRequest', async (request, reply) => {
    const [path, method] = [pathOf(request.url), request.method];
    const provider = providerOf(path);
    if (provider === undefined) return;
    const misbehavior = misbehaviors.take({ provider, method, path });
    const at = new Date().toISOString();
    const seen = memory.requests.add({
      at,
      provider,
      method,
      path,
      parameters: null,
      status: null,
      misbehavior: misbehavior?.kind ?? null,
    });
    request.turn = { seen, misbehavior };
    if (misbehavior?.kind !== 'CLOSE') return;
    request.raw.socket.destroy();
    reply.hijack();
  });

  app.addHook('preHandler', async (request, reply) => {
    if (!request.turn) return;
    const { seen, misbehavior } = request.turn;
    seen.parameters = parametersOf(request);
    if (!misbehavior || takesEffect(misbehavior)) return;
    if (misbehavior.kind === 'ERROR' || misbehavior.kind === 'RATE_LIMIT') return failed(reply, seen.provider, misbehavior);
    if (misbehavior.kind === 'RESET') request.raw.socket.resetAndDestroy();
    reply.hijack();
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.turn?.misbehavior) return payload;
    const { seen, misbehavior, playing } = request.turn;
    if (misbehavior.kind === 'DELAY') await sleep(misbehavior.ms ?? 1000, undefined, { ref: false });
    if (misbehavior.kind === 'CALLBACK_FIRST') await playing?.firstTold;
    if (misbehavior.kind === 'ERROR') {
      reply
        .code(misbehavior.status ?? 500)
        .removeHeader('content-length')
        .type('application/json');
      return JSON.stringify(errorBody(seen.provider, misbehavior));
    }
    if (misbehavior.kind === 'RESET') request.raw.socket.resetAndDestroy();
    if (misbehavior.kind === 'RESET' || misbehavior.kind === 'HANG') return new Promise(() => {});
    return payload;
  });

  app.addHook('onResponse', async (request, reply) => {
    // One that hangs ends too, without an answer, when whoever asked gives up.
    if (request.turn && reply.raw.writableFinished) request.turn.seen.status = reply.statusCode;
  });
}

/** What was asked, whatever way it came. */
function parametersOf({ body, url }: FastifyRequest): unknown {
  if (body instanceof URLSearchParams) return asObject(body);
  if (Buffer.isBuffer(body)) return { sizeBytes: body.length };
  if (body !== undefined && body !== null) return shortened(body);
  const query = queryOf(url);
  // Meta lets it be said there, too.
  query.delete('access_token');
  return asObject(query);
}

/** An error, or that it was too much, as each provider says it. */
function failed(reply: FastifyReply, provider: SimulatedProvider, misbehavior: Misbehavior): FastifyReply {
  const status = misbehavior.kind === 'RATE_LIMIT' ? 429 : (misbehavior.status ?? 500);
  const seconds = misbehavior.retryAfterSeconds ?? 1;
  if (status === 429 && provider === 'SENDGRID')
    reply.headers({
      'x-ratelimit-limit': '600',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + seconds),
    });
  else if (status === 429) reply.header('retry-after', String(seconds));
  return reply.code(status).send(errorBody(provider, misbehavior));
}

function errorBody(provider: SimulatedProvider, { kind, status = 500 }: Misbehavior): object {
  const isTooMuch = kind === 'RATE_LIMIT' || status === 429;
  if (provider === 'TWILIO')
    return twilioError(
      isTooMuch
        ? refuse(20429, 'Too Many Requests', 429)
        : refuse(status === 503 ? 20503 : 20500, 'An internal server error has occurred', status),
    );
  if (provider === 'SENDGRID')
    return { errors: [{ message: isTooMuch ? 'too many requests' : 'Internal Server Error', field: null, help: null }] };
  return metaError(
    isTooMuch ? REFUSALS[130429]! : { status, code: 2, title: 'An unexpected error has occurred. Please retry your request later.' },
    fbtraceId(),
  );
}
