import { createHmac } from 'node:crypto';
import { type SimulatedLife } from './provider-delivery.js';

export interface MetaMessage {
  readonly from: string;
  readonly phoneNumberId: string;
  readonly body: string;
  /** `wamid.` and base64. */
  readonly wamid: string;
  readonly sentAt: Date;
}

const PATH = '/api/webhooks/whatsapp/meta';
/** Of the WhatsApp Business account: nothing is routed by it. */
const ACCOUNT_ID = '102290129340398';
const PERSON = 'Ana';

/** A text message that came in, as Meta notifies of it (Meta docs, messages webhook reference), signed with the app's secret. */
export function metaMessage(message: MetaMessage, appSecret: string): SimulatedLife {
  const waId = message.from.replace('+', '');
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '', phone_number_id: message.phoneNumberId },
    contacts: [{ profile: { name: PERSON }, wa_id: waId }],
    messages: [
      {
        from: waId,
        id: message.wamid,
        timestamp: String(Math.floor(message.sentAt.getTime() / 1000)),
        text: { body: message.body },
        type: 'text',
      },
    ],
  };
  const entry = [{ id: ACCOUNT_ID, changes: [{ value, field: 'messages' }] }];
  const body = escaped(JSON.stringify({ object: 'whatsapp_business_account', entry }));
  const signature = createHmac('sha256', appSecret).update(body).digest('hex');
  return {
    channel: 'WHATSAPP',
    provider: 'META',
    externalId: message.wamid,
    deliveries: [
      {
        tells: 'a message came',
        path: PATH,
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'facebookexternalua', 'X-Hub-Signature-256': `sha256=${signature}` },
        body,
      },
    ],
  };
}

/** As Meta writes its JSON: slashes escaped, and all beyond ASCII as `\u` and four small hex digits. */
function escaped(json: string): string {
  return json.replaceAll('/', '\\/').replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
