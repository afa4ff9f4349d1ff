import { parse, stringify } from 'node:querystring';

/** 1: all before the port, user info included; 2: the scheme; 3: the port, with its colon; 4: path and query. */
const URL_PARTS = /^(([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^/?#:]*))(:[^/?#]*)?(.*)$/is;

/**
 * The other URLs a Twilio back end may have signed for a request to `url`: with the standard port and without any port, the same as
 * `new URL()` spells it, and that with its query escaped anew (`'` as `%27`). These and no more.
 * Source: twilio 6.2.0 `lib/webhooks/webhooks.js`, which since 6.x tries the URL as received before a normalized one.
 */
export function signableUrls(url: string): readonly string[] {
  const asReceived = portForms(url);
  if (!URL.canParse(url)) return asReceived;
  const normalized = portForms(new URL(url).toString());
  const forms = new Set([...asReceived, ...normalized, ...normalized.map(withQueryEscapedAnew)]);
  forms.delete(url);
  return [...forms];
}

function portForms(url: string): readonly string[] {
  const parts = URL_PARTS.exec(url);
  if (!parts) return [url];
  const [, host = '', scheme = '', port = scheme.toLowerCase() === 'https' ? ':443' : ':80', rest = ''] = parts;
  return [host + rest, host + port + rest];
}

function withQueryEscapedAnew(url: string): string {
  const queryAt = url.indexOf('?') + 1;
  if (queryAt === 0 || queryAt === url.length) return url;
  return url.slice(0, queryAt) + stringify(parse(url.slice(queryAt), '&', '=', { maxKeys: 0 }));
}
