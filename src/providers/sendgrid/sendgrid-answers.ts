import { type AnswerReader } from '../../core/adapters/failed-attempt.js';
import { errorMessage } from '../../core/adapters/error-message.js';
import { codeOfRefusal } from './refused-errors.js';
import { jsonOf, type WebAnswer } from '../../platform/http/web-request.js';

/**
 * SendGrid's errors: `{ errors: [{ message, field, help }] }`, with no code but the HTTP status; HTML where a proxy of theirs answers (413).
 * Its 5xx: the request was valid, and an error occurred as SendGrid processed it. Source: SendGrid docs, Errors; Rate limits.
 */
export const SENDGRID_ANSWERS: AnswerReader = {
  refusal: (answer) => ({ code: codeOfRefusal(answer.status), message: firstMessage(answer) }),
  retryAfterMs: ({ headers }, nowMs) => {
    const seconds = Number(headers['x-ratelimit-reset'] ?? NaN);
    // The instant in Unix time at which requests are taken again.
    return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000 - nowMs) : undefined;
  },
};

function firstMessage(answer: WebAnswer): string | null {
  const body = (jsonOf(answer) ?? {}) as { errors?: readonly { message?: unknown }[] };
  const message = Array.isArray(body.errors) ? (body.errors as readonly { message?: unknown }[])[0]?.message : undefined;
  return errorMessage(typeof message === 'string' && message ? message : undefined);
}
