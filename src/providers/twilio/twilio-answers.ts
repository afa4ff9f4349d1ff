import { type AnswerReader } from '../../core/adapters/failed-attempt.js';
import { jsonOf, type WebAnswer } from '../../platform/http/web-request.js';
import { providerError } from './provider-error.js';

/** The person wrote STOP to this sender. Source: Twilio docs, error 21610. */
const OPTED_OUT = '21610';

/**
 * Twilio's errors: `{ code, message, more_info, status }`, or `{ type, title, detail, code }` of newer APIs. Source: Twilio docs, Twilio API responses.
 * A 429 was not processed and is safe to repeat (error 20429); of 503 only that one may try again (error 20503), not that nothing was done.
 */
export const TWILIO_ANSWERS: AnswerReader = {
  refusal: errorOf,
  isOptOut: ({ code }) => code === OPTED_OUT,
};

function errorOf(answer: WebAnswer): NonNullable<ReturnType<typeof providerError>> {
  const body = (jsonOf(answer) ?? {}) as { code?: unknown; message?: unknown; detail?: unknown; title?: unknown };
  const code = typeof body.code === 'number' || (typeof body.code === 'string' && body.code) ? String(body.code) : undefined;
  const message = [body.message, body.detail, body.title].find((text) => typeof text === 'string' && text !== '') as string | undefined;
  // 0 is none.
  return providerError(code, message) ?? providerError(String(answer.status), message)!;
}

/** What Twilio said against a request that is not a send, as an error that reads so. */
export function whatTwilioSaid(answer: WebAnswer): Error {
  const { code, message } = errorOf(answer);
  return new Error(`Twilio says no: ${message ?? `HTTP ${answer.status}`} (${code})`);
}
