import { createHmac } from 'node:crypto';
import { type ProviderDelivery } from './provider-delivery.js';

const PATH = '/api/webhooks/whatsapp/meta';
/** Of the WhatsApp Business account, where nobody says another: nothing is routed by it. */
const ACCOUNT_ID = '102290129340398';

export interface MetaNotification {
  readonly tells: string;
  readonly phoneNumberId: string;
  /** What happened to the number: `messages` or `statuses`, and `contacts`. */
  readonly value: object;
}

/** A change of one number's messages as Meta notifies of it (Meta docs, messages webhook reference), signed with the app's secret. */
export function metaNotification({ tells, phoneNumberId, value }: MetaNotification, appSecret: string): ProviderDelivery {
  const metadata = { display_phone_number: displayNumberOf(phoneNumberId), phone_number_id: phoneNumberId };
  const changes = [{ value: { messaging_product: 'whatsapp', metadata, ...value }, field: 'messages' }];
  const body = escaped(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: ACCOUNT_ID, changes }] }));
  const signature = createHmac('sha256', appSecret).update(body).digest('hex');
  return {
    tells,
    path: PATH,
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'facebookexternalua', 'X-Hub-Signature-256': `sha256=${signature}` },
    body,
  };
}

/** The number behind an id: the same for the same. */
const displayNumberOf = (phoneNumberId: string): string => `1500777${phoneNumberId.slice(-4).padStart(4, '0')}`;

/** As Meta writes its JSON: slashes escaped, and all beyond ASCII as `\u` and four small hex digits. */
function escaped(json: string): string {
  return json.replaceAll('/', '\\/').replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
