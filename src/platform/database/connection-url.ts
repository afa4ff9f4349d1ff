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
  return `PostgreSQL at ${host}:${url.searchParams.get('port') || url.port || '5432'}${decodeURIComponent(url.pathname)}`;
}

/** How pg reaches `url`; a `host` parameter goes before the URL's host, and `schema`, Prisma's own parameter, is the session's search_path. */
export function connectionOf(url: URL): pg.ClientConfig {
  const { searchParams } = url;
  const schema = searchParams.get('schema');
  const options = schema ? [searchParams.get('options'), `-c search_path=${escaped(`"${schema.replaceAll('"', '""')}"`)}`] : [];
  return {
    connectionString: withParameters(url, {
      ...(schema && { options: options.filter(Boolean).join(' ') }),
      ...(isVerified(searchParams) && { sslmode: 'verify-full' }),
    }),
    keepAlive: true,
  };
}

/** What pg takes these for, and warns in many lines that a later version will not. docs/configuration.md */
function isVerified(parameters: URLSearchParams): boolean {
  return ['prefer', 'require', 'verify-ca'].includes(parameters.get('sslmode') ?? '') && parameters.get('uselibpqcompat') !== 'true';
}

function withParameters({ href }: URL, parameters: Readonly<Record<string, string>>): string {
  if (!Object.keys(parameters).length) return href;
  const url = new URL(href);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  // pg decodes `%20`, and leaves the `+` that URLSearchParams writes for a space.
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

/** As one word of `options`, which PostgreSQL parts at spaces. */
function escaped(word: string): string {
  return word.replace(/[\\\s]/g, '\\$&');
}
