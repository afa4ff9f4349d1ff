import { addressOf } from './identities.js';
import { textAt } from './payload-fields.js';
import { readChangeValue } from './payload.schema.js';
import { type Place } from './place.js';

/** The number of ours that a value is about, or the sentence that says why it is not known. */
export function numberOf(value: object): Pick<Place, 'phoneNumberId' | 'number'> | string {
  const fields = readChangeValue(value);
  if (typeof fields === 'string') return fields;
  const { phone_number_id: phoneNumberId } = fields.metadata;
  const shown = textAt(fields.metadata, 'display_phone_number');
  return { phoneNumberId, number: shown === undefined ? phoneNumberId : addressOf(shown) };
}
