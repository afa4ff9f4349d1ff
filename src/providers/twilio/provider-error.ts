import { type DraftEvent } from '../../core/adapters/activity-draft.js';
import { boundedText } from '../../core/adapters/bounded-text.js';

const MAX_ERROR_LENGTH = 2_000;

/** The parameters that tell it. */
export const ERROR_FIELD = /^Error(?:Code|Message)$/;

export function providerError(code: string | undefined, message: string | undefined): DraftEvent['error'] {
  return code === undefined ? null : { code, message: message === undefined ? null : boundedText(message, MAX_ERROR_LENGTH) };
}
