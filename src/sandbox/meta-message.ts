import { metaNotification } from './meta-notification.js';
import { type SimulatedLife } from './provider-delivery.js';

export interface MetaMessage {
  readonly from: string;
  readonly phoneNumberId: string;
  readonly body: string;
  /** `wamid.` and base64. */
  readonly wamid: string;
  readonly sentAt: Date;
}

const PERSON = 'Ana';

/** A text message that came in, as Meta notifies of it (Meta docs, messages webhook reference), signed with the app's secret. */
export function metaMessage({ from, phoneNumberId, body, wamid, sentAt }: MetaMessage, appSecret: string): SimulatedLife {
  const waId = from.replace('+', '');
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const value = {
    contacts: [{ profile: { name: PERSON }, wa_id: waId }],
    messages: [{ from: waId, id: wamid, timestamp, text: { body }, type: 'text' }],
  };
  return {
    channel: 'WHATSAPP',
    provider: 'META',
    externalId: wamid,
    deliveries: [metaNotification({ tells: 'a message came', phoneNumberId, value }, appSecret)],
  };
}
