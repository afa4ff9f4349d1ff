import { type DraftEvent } from '../../core/adapters/activity-draft.js';
import { errorMessage } from '../../core/adapters/error-message.js';
import { type WebhookParameters } from './form.js';
import { valueOf } from './parameter-fields.js';

/** The parameters that tell it. */
export const ERROR_FIELD = /^Error(?:Code|Message)$/;

/** The parameters that a request to a fallback URL adds: how our answer failed, and where. Source: Twilio docs, Webhooks, fallback URLs. */
export const FAILURE_FIELD = /^Error(?:Code|Message|Url)$/;

/**
 * Whether the request came to the fallback URL: it tells what the failed one told, and the error is that of our answer. Kept beside the rest it
 * would show which of the two came first.
 */
export function isFallback(parameters: WebhookParameters): boolean {
  return !!valueOf(parameters, 'ErrorUrl');
}

/** Twilio writes 0 where nothing went wrong. */
export function providerError(code: string | undefined, message: string | undefined): DraftEvent['error'] {
  return code === undefined || code === '0' ? null : { code, message: errorMessage(message) };
}
