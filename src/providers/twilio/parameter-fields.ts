import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { type WebhookParameters } from './form.js';

/** A number whose `+` was sent unescaped decodes to a space and digits. */
const NUMBER_WITHOUT_PLUS = /^ (?=\d{4,15}$)/;
export const WHATSAPP = /^whatsapp:/i;
/** A person's number in an RCS message; the agent we are there has no number, and keeps the prefix. Source: Twilio docs, Send and receive RCS messages. */
const RCS_NUMBER = /^rcs:(?=[ +]\d)/i;

/**
 * The fields so named, as they can be stored. An empty one is absent, but for `mayBeEmpty`. Of a name that came twice the first value
 * counts. Short codes and words stay as they are, and so does a WhatsApp user id without a number; the prefixes `whatsapp:` and,
 * before a number, `rcs:` go.
 */
export function readFields<K extends string>(
  names: readonly K[],
  parameters: WebhookParameters,
  mayBeEmpty?: K,
): Partial<Record<K, string>> {
  const fields: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = valueOf(parameters, name);
    if (value === undefined || (value === '' && name !== mayBeEmpty)) continue;
    fields[name] = replaceUnstorable(name === 'From' || name === 'To' ? bareAddress(value) : value);
  }
  return fields;
}

/** The first value of a name. */
export function valueOf(parameters: WebhookParameters, name: string): string | undefined {
  return parameters.get(name)?.[0];
}

/** An address as the core has it. */
export function bareAddress(address: string): string {
  return address.replace(WHATSAPP, '').replace(RCS_NUMBER, '').replace(NUMBER_WITHOUT_PLUS, '+');
}
