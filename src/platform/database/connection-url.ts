import type pg from 'pg';

/** Undefined where `text` is no PostgreSQL URL. `user@/db?host=/socket`, which names no host where URLs want one, is one. */
export function parseDatabaseUrl(text: string): URL | undefined {
  const whole = text.replace('@/', '@localhost/');
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  return url && ['postgres:', 'postgresql:'].includes(url.protocol) && !hasStrayPercent(text) ? url : undefined;
}

/** Whether a `%` before the parameters begins no escape, or the bytes escaped are no UTF-8: libpq refuses such a URL, and pg guesses. */
export function hasStrayPercent(text: string): boolean {
  try {
    decodeURIComponent(text.split('?', 1)[0]!);
    return false;
  } catch {
    return true;
  }
}

/** The server a URL names, for people: no user, no password. */
export function describeUrl(url: URL): string {
  const host = url.searchParams.get('host') || decodeURIComponent(url.hostname) || 'localhost';
  return `PostgreSQL at ${host}:${url.port || '5432'}${decodeURIComponent(url.pathname)}`;
}

/** How pg reaches `url`; a `host` parameter goes before the URL's host, and `schema`, Prisma's own parameter, is the session's search_path. */
export function connectionOf(url: URL): pg.ClientConfig {
  const { href, searchParams } = url;
  const schema = searchParams.get('schema');
  return {
    connectionString: schema ? withOptions(href, `-c search_path=${escaped(`"${schema.replaceAll('"', '""')}"`)}`) : href,
    keepAlive: true,
  };
}

/** With `more` behind the options that the URL may carry already. */
function withOptions(href: string, more: string): string {
  const url = new URL(href);
  url.searchParams.set('options', [url.searchParams.get('options'), more].filter(Boolean).join(' '));
  // pg decodes `%20`, and leaves the `+` that URLSearchParams writes for a space.
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

/** As one word of `options`, which PostgreSQL parts at spaces. */
function escaped(word: string): string {
  return word.replace(/[\\\s]/g, '\\$&');
}
