import { isPublicAddress } from '../attachments/public-lookup.service.js';

/** Names that no provider finds. Source: RFC 6761, RFC 6762, RFC 8375, and ICANN on `internal`. */
const OF_A_NETWORK = /\.(?:localhost|local|internal|home\.arpa)$/;

/** Whether a provider could fetch it, as far as its text says: no name is looked up. With credentials in it, it would tell them to the provider. */
export function isPublicLink(text: string): boolean {
  if (/\s/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  if (protocol !== 'https:' || username || password) return false;
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  // `URL` writes every spelling of an IPv4 address in four numbers.
  return /^[\d.]+$|:/.test(host) ? isPublicAddress(host) : host.includes('.') && !OF_A_NETWORK.test(host);
}
