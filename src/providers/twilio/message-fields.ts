import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { type WebhookParameters } from './form.js';
import { MESSAGE, type MessageFields } from './message.schema.js';
import { readFields, valueOf, WHATSAPP } from './parameter-fields.js';

/**
 * The fields of a message, or the sentence that says why there are none. A photo alone has an empty text. SmsSid is the older name of
 * MessageSid, always a copy of it.
 */
export function readMessageFields(parameters: WebhookParameters): MessageFields | string {
  const fields = readFields(MESSAGE.names, parameters, 'Body');
  fields.MessageSid ??= replaceUnstorable(valueOf(parameters, 'SmsSid') ?? '') || undefined;
  return MESSAGE.check(fields);
}

/** Whether either address is one of WhatsApp's: which says more than the path that somebody pasted at Twilio. */
export function isWhatsApp(parameters: WebhookParameters): boolean {
  return WHATSAPP.test(valueOf(parameters, 'From') ?? '') || WHATSAPP.test(valueOf(parameters, 'To') ?? '');
}
