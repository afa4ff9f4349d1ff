import { createPublicKey, type KeyObject } from 'node:crypto';

const PEM_LINE = /-----[A-Z ]+-----/g;
/** In an environment file the lines of a PEM may stand behind each other, with the two characters `\n` between them. */
const LINE_END = /\s|\\n/g;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The public keys of SENDGRID_WEBHOOK_KEY: base64 of their DER, as SendGrid shows them, or PEM; several by comma, for each of an account's
 * webhooks has its own. Undefined where one of them is no key on the curve P-256. Never throws.
 */
export function readWebhookKeys(text: string): readonly KeyObject[] | undefined {
  const keys = text.split(',').map(readKey);
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function readKey(text: string): KeyObject | undefined {
  const der = text.replace(PEM_LINE, '').replace(LINE_END, '');
  if (!BASE64.test(der)) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}
