import { Declined, RequestFailed, type WebAnswer } from '../../platform/http/web-request.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { type ProviderError } from './activity-draft.js';
import { boundedText } from './bounded-text.js';
import { type Outbound, type SendOutcome } from './outbound.js';

const LONGEST_REASON = 500;

/** What a provider's answers mean to a send beyond their HTTP status. */
export interface AnswerReader {
  /** The provider's error, of an answer that is a refusal. */
  refusal(answer: WebAnswer): ProviderError;
  /** In milliseconds from now, where the answer says so in a way of its provider's own. */
  retryAfterMs?(answer: WebAnswer, nowMs: number): number | undefined;
  /** What the answer means where its HTTP status does not tell it; undefined: its status does. */
  meaning?(answer: WebAnswer): 'REFUSED' | 'NOT_SENT' | 'UNKNOWN' | undefined;
  /** Whether the error says that the person does not want to hear from this sender. */
  isOptOut?(error: ProviderError): boolean;
}

/**
 * How an attempt ended that was not accepted, from what it threw: a request that did not leave was NOT_SENT, one that may have left without an
 * answer is UNKNOWN. Of answers: 429 is NOT_SENT, another 4xx REFUSED, and UNKNOWN all the rest, a 2xx that could not be read among them.
 * No provider says of its 5xx that nothing was taken: Twilio docs, error 20500, says that a message repeated after one may arrive twice.
 */
export function outcomeOfFailure(failure: unknown, reader: AnswerReader, nowMs: number): SendOutcome {
  if (failure instanceof RequestFailed) return { kind: failure.left ? 'UNKNOWN' : 'NOT_SENT', reason: failure.message };
  if (!(failure instanceof Declined))
    return { kind: 'UNKNOWN', reason: boundedText(`the answer could not be read: ${reasonOf(failure)}`, LONGEST_REASON) };
  const { answer } = failure;
  const error = reader.refusal(answer);
  const reason = `HTTP ${answer.status}: ${error.message ?? 'no reason given'} (${error.code})`;
  switch (reader.meaning?.(answer) ?? meaningOf(answer.status)) {
    case 'REFUSED':
      return { kind: 'REFUSED', error, ...(reader.isOptOut?.(error) && { optedOut: true }) };
    case 'UNKNOWN':
      return { kind: 'UNKNOWN', reason };
    case 'NOT_SENT': {
      const retryAfterMs = retryAfterOf(answer, nowMs) ?? reader.retryAfterMs?.(answer, nowMs);
      return { kind: 'NOT_SENT', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
  }
}

/** Throws where the request must not begin any more: what prepares it may have taken long. */
export function checkInTime({ notAfter }: Pick<Outbound, 'notAfter'>, now: Date): void {
  if (now > notAfter) throw new Error('it was too late for this attempt to begin');
}

/** 408: the server gave up on a request it had begun to read. 3xx: what a redirect did with it, nobody says. */
function meaningOf(status: number): 'REFUSED' | 'NOT_SENT' | 'UNKNOWN' {
  if (status === 429) return 'NOT_SENT';
  return status >= 400 && status < 500 && status !== 408 ? 'REFUSED' : 'UNKNOWN';
}

/** RFC 9110, Retry-After: whole seconds, or a date. Undefined where it is neither. */
function retryAfterOf({ headers }: WebAnswer, nowMs: number): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  if (/^\s*\d{1,9}(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
