import { createHmac, randomBytes } from 'node:crypto';
import { type Request } from './twilio.js';

export const META_PATH = '/api/webhooks/whatsapp/meta';

/** What a server is started with to hear Meta. */
export const META_SECRETS = {
  WHATSAPP_APP_SECRET: randomBytes(16).toString('hex'),
  WHATSAPP_VERIFY_TOKEN: randomBytes(12).toString('hex'),
} as const;

export const wamid = (): string => `wamid.${randomBytes(24).toString('base64')}`;
export const phoneNumberId = (): string => `2${String(randomBytes(6).readUIntBE(0, 6)).padStart(15, '0').slice(-14)}`;

/** Bytes as Meta signs them. */
export function signed(body: Buffer, secret: string = META_SECRETS.WHATSAPP_APP_SECRET): Request {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return { method: 'POST', path: META_PATH, headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature }, body };
}

/** What an account of Meta's tells of one change, about one number of ours. */
export function entryOf(account: string, number: string, value: object, field = 'messages') {
  const metadata = { display_phone_number: '12025550130', phone_number_id: number };
  return { id: account, changes: [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }] };
}

export function notificationOf(entry: readonly object[], secret?: string): Request {
  return signed(Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry })), secret);
}

/** A notification of one change, about one number of ours. */
export function notification(number: string, value: object, field = 'messages'): Request {
  return notificationOf([entryOf('104455667788990', number, value, field)]);
}

/** One message from a person; `second` after a fixed time. */
export function fromPerson(number: string, message: { id?: string; type: string; second?: number; [content: string]: unknown }): Request {
  const { second = 0, ...rest } = message;
  const contacts = [{ profile: { name: 'Ana' }, wa_id: '12025550147' }];
  const messages = [{ id: wamid(), from: '12025550147', timestamp: String(1_795_510_200 + second), ...rest }];
  return notification(number, { contacts, messages });
}
