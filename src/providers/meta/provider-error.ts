import { type ProviderError } from '../../core/adapters/activity-draft.js';
import { errorMessage } from '../../core/adapters/error-message.js';
import { idAt, listAt, textAt } from './payload-fields.js';

/** The first of an item's `errors`, with its most telling sentence. Source: Meta, WhatsApp Cloud API, Error codes. */
export function providerError(item: object): ProviderError | null {
  const [first] = listAt(item, 'errors');
  const code = idAt(first, 'code');
  if (code === undefined) return null;
  const sentence = textAt(first, 'error_data', 'details') ?? textAt(first, 'message') ?? textAt(first, 'title');
  return { code, message: errorMessage(sentence) };
}
