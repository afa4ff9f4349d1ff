import { createHash, timingSafeEqual } from 'node:crypto';

const TOKEN = 'token';

/** Whether one of the query's `token`s is `expected`; in constant time, whatever the lengths. */
export function hasToken(url: string, expected: string): boolean {
  const claimed = new URLSearchParams(queryOf(url)).getAll(TOKEN);
  return claimed.some((token) => timingSafeEqual(digestOf(token), digestOf(expected)));
}

/** Whether there is any. */
export function namesToken(url: string): boolean {
  return new URLSearchParams(queryOf(url)).has(TOKEN);
}

/** The same path and query without any `token`: it is a secret, and what is kept of a delivery is shown to administrators. */
export function withoutToken(url: string): string {
  const others = queryOf(url)
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has(TOKEN));
  const [path = ''] = url.split('?', 1);
  return others.length ? `${path}?${others.join('&')}` : path;
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
