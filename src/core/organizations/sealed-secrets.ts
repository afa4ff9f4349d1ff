import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** Secrets by the name of their field, such as `authToken`. */
export type Secrets = Readonly<Record<string, string>>;

const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_AT = 1 + KEY_ID_BYTES;
const TEXT_AT = NONCE_AT + NONCE_BYTES;

/** A key as a person writes it: 32 bytes in hex, base64 or base64url. Undefined for what is none. */
export function readSecretsKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}

/**
 * Secrets, encrypted by AES-256-GCM: a byte of version, four that tell which key, the nonce, the text, the tag. `owner` is bound in: moved
 * to another's row they do not open. `nonce`: random, and new each time.
 */
export function sealSecrets(secrets: Secrets, key: Buffer, nonce: Buffer, owner: string): Buffer {
  const head = Buffer.concat([Buffer.from([VERSION]), keyId(key), nonce]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(head, owner));
  return Buffer.concat([head, cipher.update(JSON.stringify(secrets)), cipher.final(), cipher.getAuthTag()]);
}

/** The secrets, or why they cannot be read. */
export function openSecrets(sealed: Buffer, key: Buffer, owner: string): Secrets | 'ANOTHER_KEY' | 'DAMAGED' {
  if (sealed[0] !== VERSION || sealed.length < TEXT_AT + TAG_BYTES) return 'DAMAGED';
  if (!sealed.subarray(1, NONCE_AT).equals(keyId(key))) return 'ANOTHER_KEY';
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(NONCE_AT, TEXT_AT), { authTagLength: TAG_BYTES })
    .setAAD(boundTo(sealed.subarray(0, TEXT_AT), owner))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(TEXT_AT, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as Secrets;
  } catch {
    return 'DAMAGED';
  }
}

/** Tells keys apart, and tells nothing of them. */
function keyId(key: Buffer): Buffer {
  return createHash('sha256').update('centralita secrets key').update(key).digest().subarray(0, KEY_ID_BYTES);
}

function boundTo(head: Buffer, owner: string): Buffer {
  return Buffer.concat([head, Buffer.from(owner)]);
}
