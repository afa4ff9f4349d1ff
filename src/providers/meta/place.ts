import { addressOf } from './identities.js';
import { textAt } from './payload-fields.js';
import { readChangeValue } from './payload.schema.js';

/** Where an item stands: its position among all of the delivery, the value it is part of, and the number of ours that it is about. */
export interface Place {
  readonly index: number;
  readonly value: object;
  /** Whether all of that value is about one person. */
  readonly aboutOne: boolean;
  /** What routes it: the number that people see may be another's tomorrow. */
  readonly phoneNumberId: string;
  /** In E.164; the id where Meta leaves it out. */
  readonly number: string;
}

/** The number of ours that a value is about, or the sentence that says why it is not known. */
export function numberOf(value: object): Pick<Place, 'phoneNumberId' | 'number'> | string {
  const fields = readChangeValue(value);
  if (typeof fields === 'string') return fields;
  const { phone_number_id: phoneNumberId } = fields.metadata;
  const shown = textAt(fields.metadata, 'display_phone_number');
  return { phoneNumberId, number: shown === undefined ? phoneNumberId : addressOf(shown) };
}
