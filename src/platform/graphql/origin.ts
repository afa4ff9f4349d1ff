/**
 * Whether a page of `origin` may open a socket here. A browser always names its page's origin; what names none is no browser,
 * and brings its credential itself.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    const { host: page, origin: canonical } = new URL(origin);
    return canonical === new URL(publicUrl).origin || (host !== undefined && page === host);
  } catch {
    return false;
  }
}
