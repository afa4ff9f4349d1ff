import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIPv6 } from 'node:net';
import { notAllowed } from './media-failure.js';

/** What is nobody's public IPv4 address. Source: IANA, IPv4 Special-Purpose Address Registry; multicast and reserved besides. */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;
/** Inside 2000::/3, the only public IPv6: documentation, and tunnels whose addresses hold an IPv4 one. */
const PRIVATE_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const hidden = new BlockList();
for (const [net, prefix] of PRIVATE_V4) hidden.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of PRIVATE_V6) hidden.addSubnet(net, prefix, 'ipv6');
const open = new BlockList();
open.addSubnet('2000::', 3, 'ipv6');

export function isPublicAddress(address: string): boolean {
  return isIPv6(address) ? open.check(address, 'ipv6') && !hidden.check(address, 'ipv6') : !hidden.check(address, 'ipv4');
}

/**
 * `dns.lookup` for a connection that must not reach into the operator's own network: the address that is checked is the one connected to.
 * An error with nothing asked where one of the name's addresses is private.
 */
export function lookupPublic(
  hostname: string,
  options: LookupOptions,
  callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(notAllowed(), []);
    if (options.all) return callback(null, addresses);
    return callback(null, addresses[0]!.address, addresses[0]!.family);
  });
}
