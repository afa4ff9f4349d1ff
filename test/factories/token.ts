import { createHmac } from 'node:crypto';

export const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** A JSON Web Token as an identity provider signs it. */
export function token(secret: string, claims: Record<string, unknown>, algorithm: 'HS256' | 'HS512' | 'none' = 'HS256'): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  if (algorithm === 'none') return `${signed}.`;
  return `${signed}.${createHmac(algorithm === 'HS256' ? 'sha256' : 'sha512', secret)
    .update(signed)
    .digest('base64url')}`;
}
