import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Request } from './twilio.js';

const EVENTS = '/api/webhooks/email/sendgrid';
export const INBOUND = `${EVENTS}/inbound`;

/** A webhook of SendGrid's: its key pair, the public half as SendGrid shows it. */
export interface SendGridKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

export function makeKeys(): SendGridKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

export function readSigningKey(pkcs8: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
}

/** The headers that vouch for these bytes, signed `ageSeconds` ago. */
export function signatureHeaders(privateKey: KeyObject, body: Buffer, ageSeconds = 2): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000 - ageSeconds));
  return {
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString('base64'),
  };
}

/** A batch of the Event Webhook. */
export function sendGridEvents({ privateKey }: Pick<SendGridKeys, 'privateKey'>, events: readonly unknown[]): Request {
  const body = Buffer.from(`${JSON.stringify(events)}\r\n`);
  return { method: 'POST', path: EVENTS, body, headers: { 'content-type': 'application/json', ...signatureHeaders(privateKey, body) } };
}

/** A field's text, or a file, which need not have a name. */
export type Part = string | Buffer | { readonly fileName?: string; readonly type: string; readonly content: Buffer };

const BOUNDARY = 'xYzZY';
export const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form as Inbound Parse posts it. */
export function formOf(parts: Readonly<Record<string, Part>>): Buffer {
  const written = Object.entries(parts).flatMap(([name, part]) => {
    const isFile = typeof part === 'object' && 'content' in part;
    const fileName = isFile && part.fileName !== undefined ? `; filename="${part.fileName}"` : '';
    const head = isFile ? `${fileName}\r\nContent-Type: ${part.type}` : '';
    const content = isFile ? part.content : Buffer.from(part);
    return [Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n`), content, Buffer.from('\r\n')];
  });
  return Buffer.concat([...written, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** A mail as Inbound Parse posts it, parsed and signed. */
export function inboundMail({ privateKey }: Pick<SendGridKeys, 'privateKey'>, parts: Readonly<Record<string, Part>>): Request {
  const body = formOf(parts);
  return { method: 'POST', path: INBOUND, body, headers: { 'content-type': FORM, ...signatureHeaders(privateKey, body) } };
}
