/** Source: Meta, Graph API changelog; v26.0 of July 2026. */
const DEFAULT_BASE = 'https://graph.facebook.com';
const DEFAULT_VERSION = 'v26.0';
const VERSION = /\/v\d+\.\d+$/;

/** The address of `path` (`/1180033445566778`) at Meta's API, or where `base` says it is; a base without a version gets ours. */
export function graphUrl(base: string | undefined, path: string): URL {
  const bare = (base ?? DEFAULT_BASE).replace(/\/+$/, '');
  return new URL(`${VERSION.test(bare) ? bare : `${bare}/${DEFAULT_VERSION}`}${path}`);
}
