import { createHash, timingSafeEqual } from 'node:crypto';
import { type ChallengeAnswer } from '../../core/adapters/channel-adapter.js';

/**
 * What Meta hears when it asks to subscribe: `hub.challenge` again, if `hub.verify_token` is ours. A query without `hub.mode` asks nothing.
 * Of a name that comes twice the first value counts. Hashed before they are compared: neither token's length shows.
 * Source: Meta, Webhooks, Create a webhook endpoint, verification requests.
 */
export function answerChallenge(query: URLSearchParams, verifyToken: string | undefined): ChallengeAnswer | undefined {
  const mode = query.get('hub.mode');
  if (mode === null) return undefined;
  const [token, challenge] = [query.get('hub.verify_token'), query.get('hub.challenge')];
  if (token === null || verifyToken === undefined || !isEqual(token, verifyToken))
    return { passed: false, reason: 'hub.verify_token is not WHATSAPP_VERIFY_TOKEN: paste the same at Meta.' };
  if (mode !== 'subscribe' || !challenge) return { passed: false, reason: 'hub.mode must be subscribe, and hub.challenge be given.' };
  return { passed: true, reply: { status: 200, contentType: 'text/plain', body: challenge } };
}

function isEqual(claimed: string, expected: string): boolean {
  return timingSafeEqual(hashOf(claimed), hashOf(expected));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
