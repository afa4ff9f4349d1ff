import { type ProviderError } from '../../core/adapters/activity-draft.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { errorMessage } from '../../core/adapters/error-message.js';
import { explainDeliveryError } from './delivery-errors.js';
import { type EventFields } from './event.schema.js';

const MAX_CODE_LENGTH = 100;
/** RFC 3463, enhanced status code, such as `5.1.1`. */
const ENHANCED_CODE = /\b([245]\.\d{1,3}\.\d{1,3})\b/;
/** RFC 5321, reply code. */
const REPLY_CODE = /^\s*([245]\d\d)\b/;
/** A status that only says that it failed. */
const TELLS_NOTHING = /^[245]\.0\.0$/;

/**
 * What went wrong, of an event that says so. Its code is the most telling there is: SendGrid's own reason for a mail it did not try, the
 * status, what the recipient's server answered, else the kind of event. `blocked` is a bounce that may pass.
 */
export function errorOfEvent({ event, type, status, reason, response }: EventFields): ProviderError | null {
  if (event !== 'bounce' && event !== 'dropped' && event !== 'deferred') return null;
  const words = reason ?? response;
  const code = codeIn(words, status?.toString()) ?? type ?? event;
  return { code: boundedText(code, MAX_CODE_LENGTH), message: errorMessage(words) };
}

function codeIn(words = '', status: string | undefined): string | undefined {
  if (explainDeliveryError(words.trim(), null)) return words.trim();
  if (status && !TELLS_NOTHING.test(status)) return status;
  return ENHANCED_CODE.exec(words)?.[1] ?? REPLY_CODE.exec(words)?.[1] ?? (status || undefined);
}
