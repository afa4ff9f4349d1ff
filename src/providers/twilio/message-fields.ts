import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { type WebhookParameters } from './form.js';
import { describeMessageErrors, isMessage, MESSAGE_FIELDS, type MessageFields } from './message.schema.js';

/** A number whose `+` was sent unescaped decodes to a space and digits. */
const NUMBER_WITHOUT_PLUS = /^ (?=\d{4,15}$)/;
const WHATSAPP = /^whatsapp:/i;

/**
 * The fields of a message, or the sentence that says why there are none. An empty one is absent, but for the body: a photo alone has
 * an empty text. Of a name that came twice the first value counts. SmsSid is the older name of MessageSid, always a copy of it.
 * Short codes and words stay as they are, and so does a WhatsApp user id without a number; the prefix `whatsapp:` goes.
 */
export function readMessageFields(parameters: WebhookParameters): MessageFields | string {
  const fields: Partial<Record<keyof MessageFields, string>> = {};
  for (const name of MESSAGE_FIELDS) {
    const value = valueOf(parameters, name);
    if (value !== undefined && (value !== '' || name === 'Body')) fields[name] = replaceUnstorable(value);
  }
  fields.MessageSid ??= replaceUnstorable(valueOf(parameters, 'SmsSid') ?? '') || undefined;
  if (fields.From) fields.From = bareAddress(fields.From);
  if (fields.To) fields.To = bareAddress(fields.To);
  return isMessage(fields) ? fields : describeMessageErrors(isMessage.errors);
}

/** Whether either address is one of WhatsApp's: which says more than the path that somebody pasted at Twilio. */
export function isWhatsApp(parameters: WebhookParameters): boolean {
  return WHATSAPP.test(valueOf(parameters, 'From') ?? '') || WHATSAPP.test(valueOf(parameters, 'To') ?? '');
}

/** Without the prefix `whatsapp:`, and with the plus that was sent unescaped. */
export function bareAddress(address: string): string {
  return address.replace(WHATSAPP, '').replace(NUMBER_WITHOUT_PLUS, '+');
}

/** The first value of a name. */
export function valueOf(parameters: WebhookParameters, name: string): string | undefined {
  return parameters.get(name)?.[0];
}
