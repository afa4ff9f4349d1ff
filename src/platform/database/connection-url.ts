import type pg from 'pg';

/**
 * A statement waits for a lock, or a transaction for its next statement, no longer than a provider waits for us. Times are in UTC,
 * whatever the server's zone: Prisma's adapter takes what it reads for that.
 */
const SESSION_OPTIONS = '-c lock_timeout=2000 -c idle_in_transaction_session_timeout=5000 -c timezone=UTC';

/** Undefined where `text` is no PostgreSQL URL. `user@/db?host=/socket`, which names no host where URLs want one, is one. */
export function parseDatabaseUrl(text: string): URL | undefined {
  const whole = text.replace('@/', '@localhost/');
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  return url && ['postgres:', 'postgresql:'].includes(url.protocol) ? url : undefined;
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

/** A connection whose sessions have our time limits, with the options its URL may carry already, and with `more` of them. */
export function withSessionLimits(connection: pg.ClientConfig, more = ''): pg.ClientConfig {
  const ours = `${SESSION_OPTIONS} ${more}`.trim();
  if (connection.connectionString === undefined) return { ...connection, options: ours };
  return { ...connection, connectionString: withOptions(connection.connectionString, ours) };
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
