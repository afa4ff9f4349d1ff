import { errorMessage } from '../../core/adapters/error-message.js';
import { type AnswerReader } from '../../core/adapters/failed-attempt.js';
import { jsonOf, type WebAnswer } from '../../platform/http/web-request.js';
import { idAt, memberOf, textAt } from './payload-fields.js';

/** Limits, by which a request is turned away, to be tried again later. Source: Meta, WhatsApp Cloud API, Error codes, Throttling errors. */
const THROTTLED: ReadonlySet<string> = new Set(['4', '80007', '130429', '131048', '131056']);
/** One message in 6 seconds to one person. Source: Meta, WhatsApp Cloud API, Error codes, 131056; the time by those who measured it. */
const PAIR_LIMIT = '131056';
const PAIR_PAUSE_MS = 6_000;
/** Something broke at Meta, whatever HTTP status it comes with, and nobody says how far the message had come. Source: the same, 1, 2, 131000, 131016. */
const BROKEN: ReadonlySet<string> = new Set(['1', '2', '131000', '131016']);

/** Meta's errors: `{ error: { message, code, error_data: { details } } }`, mostly with HTTP 400. Source: Meta, WhatsApp Cloud API, Error codes. */
export const META_ANSWERS: AnswerReader = {
  refusal: errorOf,
  meaning: (answer) => {
    const { code } = errorOf(answer);
    return THROTTLED.has(code) ? 'NOT_SENT' : BROKEN.has(code) ? 'UNKNOWN' : undefined;
  },
  retryAfterMs: (answer) => (errorOf(answer).code === PAIR_LIMIT ? PAIR_PAUSE_MS : undefined),
};

function errorOf(answer: WebAnswer): { code: string; message: string | null } {
  const error = memberOf(jsonOf(answer), 'error');
  const message = textAt(error, 'error_data', 'details') ?? textAt(error, 'message');
  return {
    code: idAt(error, 'code') ?? String(answer.status),
    message: errorMessage(message),
  };
}

/** What Meta said against a request that is not a send, as an error that reads so. */
export function whatMetaSaid(answer: WebAnswer): Error {
  const { code, message } = errorOf(answer);
  return new Error(`Meta says no: ${message ?? `HTTP ${answer.status}`} (${code})`);
}
