import { type DraftEvent } from '../../core/adapters/activity-draft.js';
import { storable } from './parameter-metadata.js';

const MAX_ERROR_LENGTH = 2_000;

/** The parameters that tell it. */
export const ERROR_FIELD = /^Error(?:Code|Message)$/;

export function providerError(code: string | undefined, message: string | undefined): DraftEvent['error'] {
  return code === undefined ? null : { code, message: message === undefined ? null : storable(message, MAX_ERROR_LENGTH) };
}
