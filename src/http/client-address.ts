import { isIP } from 'node:net';
import { networkTest } from '../kernel/networks.ts';

/** Finds the client's address: that of the connection, and of `X-Forwarded-For` when that came over a trusted proxy. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string | undefined;

/** Entries of `X-Forwarded-For` that are looked at; a chain of trusted proxies is shorter. */
const hopLimit = 16;

/**
 * `X-Forwarded-For` is written by whoever sends the request; only what trusted proxies have appended is true. So it is
 * read from the right, and the first address that is no trusted proxy's is the client's.
 * @param trusted addresses and networks as `parseProxies` allows them
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return (peer) => peer && plainAddress(peer);
  const isProxy = networkTest(trusted);
  return (peer, forwardedFor) => {
    let address = peer && plainAddress(peer);
    if (address === undefined || forwardedFor === undefined) return address;
    for (const hop of forwardedFor.split(',').slice(-hopLimit).reverse()) {
      if (!isProxy(address)) return address;
      const next = parseHop(hop);
      // A trusted proxy wrote something that is no address: the proxy itself is the last one that is known.
      if (next === undefined) return address;
      address = next;
    }
    return address;
  };
}

/** An IPv4 address that arrived on an IPv6 socket, as what it is. */
const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;

/** One entry of the header: an address, with or without a port. */
function parseHop(text: string): string | undefined {
  const trimmed = text.trim();
  const bare = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  return isIP(bare) === 0 ? undefined : plainAddress(bare);
}
