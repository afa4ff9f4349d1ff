import { type MetaFile } from './meta-files.js';
import { metaNotification } from './meta-notification.js';
import { type SimulatedLife } from './provider-delivery.js';

export interface MetaMessage {
  readonly from: string;
  readonly phoneNumberId: string;
  readonly body: string;
  /** `wamid.` and base64. */
  readonly wamid: string;
  readonly sentAt: Date;
  /** One that Meta has; the body is its caption. */
  readonly file?: Pick<MetaFile, 'id' | 'contentType' | 'sha256'>;
}

const PERSON = 'Ana';

/** A text message that came in, as Meta notifies of it (Meta docs, messages webhook reference), signed with the app's secret. */
export function metaMessage({ from, phoneNumberId, body, wamid, sentAt, file }: MetaMessage, appSecret: string): SimulatedLife {
  const waId = from.replace('+', '');
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const value = {
    contacts: [{ profile: { name: PERSON }, wa_id: waId }],
    messages: [{ from: waId, id: wamid, timestamp, ...(file ? fileContent(file, body) : { text: { body }, type: 'text' }) }],
  };
  return {
    channel: 'WHATSAPP',
    provider: 'META',
    externalId: wamid,
    deliveries: [metaNotification({ tells: 'a message came', phoneNumberId, value }, appSecret)],
  };
}

function fileContent({ id, contentType, sha256 }: NonNullable<MetaMessage['file']>, body: string): object {
  const type = /^(image|video|audio)\//.exec(contentType)?.[1] ?? 'document';
  return { type, [type]: { id, mime_type: contentType, sha256, ...(body && { caption: body }) } };
}
