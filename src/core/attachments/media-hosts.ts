/**
 * Whether a file may be asked for at `url`. CONFIGURED: at an origin of the operator's own, whatever its address. PUBLIC: at one of the
 * provider's hosts, by https on its usual port, at a public address. Undefined: not at all.
 */
export function placeOf(url: URL, hosts: readonly string[]): 'CONFIGURED' | 'PUBLIC' | undefined {
  if (url.username || url.password) return undefined;
  if (hosts.includes(url.origin)) return 'CONFIGURED';
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  return hosts.some((host) => (host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host))
    ? 'PUBLIC'
    : undefined;
}
