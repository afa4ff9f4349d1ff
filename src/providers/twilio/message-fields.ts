import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { type WebhookParameters } from './form.js';
import { describeMessageErrors, isMessage, MESSAGE_FIELDS, type MessageFields } from './message.schema.js';

/** A number whose `+` was sent unescaped decodes to a space and digits. */
const NUMBER_WITHOUT_PLUS = /^ (?=\d{4,15}$)/;

/**
 * The fields of a message, or the sentence that says why there are none. An empty one is absent, but for the body: a photo alone has
 * an empty text. Of a name that came twice the first value counts. SmsSid is the older name of MessageSid, always a copy of it.
 * Short codes and words stay as they are.
 */
export function readMessageFields(parameters: WebhookParameters): MessageFields | string {
  const fields: Partial<Record<keyof MessageFields, string>> = {};
  for (const name of MESSAGE_FIELDS) {
    const value = valueOf(parameters, name);
    if (value !== undefined && (value !== '' || name === 'Body')) fields[name] = replaceUnstorable(value);
  }
  fields.MessageSid ??= replaceUnstorable(valueOf(parameters, 'SmsSid') ?? '') || undefined;
  if (fields.From) fields.From = fields.From.replace(NUMBER_WITHOUT_PLUS, '+');
  if (fields.To) fields.To = fields.To.replace(NUMBER_WITHOUT_PLUS, '+');
  return isMessage(fields) ? fields : describeMessageErrors(isMessage.errors);
}

/** The first value of a name. */
export function valueOf(parameters: WebhookParameters, name: string): string | undefined {
  return parameters.get(name)?.[0];
}
