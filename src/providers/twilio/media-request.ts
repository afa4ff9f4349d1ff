import { type MediaRequest } from '../../core/adapters/channel-adapter.js';

/** Whose files are asked for, and where Twilio's API is for this installation. */
export interface MediaCredentials {
  readonly accountSid: string;
  readonly authToken: string;
  /** `TWILIO_BASE_URL`. */
  readonly baseUrl: string | undefined;
}

const API = 'https://api.twilio.com';
/**
 * A MediaUrl redirects to a link that is signed for four hours, at `mms.twiliocdn.com`; where an account does not enforce authentication
 * yet, to `s3-external-1.amazonaws.com`. Source: Twilio help, Protect Media Access with HTTP Basic Authentication.
 */
const HOSTS = ['api.twilio.com', '*.twilio.com', '*.twiliocdn.com', 's3-external-1.amazonaws.com'] as const;

/**
 * Twilio docs, Media subresource: HTTP Basic authentication for every file, by the account and its token. Only Twilio's API gets them: a
 * URL of its storage is signed by itself.
 */
export function mediaRequest(sourceUrl: string, { accountSid, authToken, baseUrl }: MediaCredentials): MediaRequest {
  const base = baseUrl === undefined ? undefined : new URL(baseUrl).origin;
  const url = base !== undefined && sourceUrl.startsWith(`${API}/`) ? base + sourceUrl.slice(API.length) : sourceUrl;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return { url, headers: isApi(url, base) ? { authorization } : {}, hosts: [...(base === undefined ? [] : [base]), ...HOSTS] };
}

function isApi(text: string, base: string | undefined): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, hostname, protocol } = new URL(text);
  return origin === base || (protocol === 'https:' && hostname.endsWith('.twilio.com'));
}
