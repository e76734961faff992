import { isIP } from 'node:net';
import { networkTest } from '../../kernel/networks.ts';

/**
 * Addresses that belong to nobody's public server (IANA special-purpose registries, RFC 6890): private, loopback,
 * link-local (cloud metadata among them), shared, multicast, documentation, translation to any of these.
 */
const closedNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's wire server: metadata under a public address.
  '168.63.129.16/32',
] as const;

/** Of IPv6 only global unicast is open at all; inside it these are closed. */
const globalUnicast = '2000::/3';
const closedNetworks6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'] as const;

/** Which addresses issuers may have: public ones, and those that a setting names. */
export interface AddressRules {
  /** @param address an IP address as the operating system writes it */
  allows(address: string): boolean;
}

/** @param exceptions networks that are allowed although they are not public: `10.1.0.0/16`, `127.0.0.1`, `fd00::/8` */
export function createAddressRules(exceptions: readonly string[] = []): AddressRules {
  const isClosed = networkTest([...closedNetworks, ...closedNetworks6]);
  const isUnicast6 = networkTest([globalUnicast]);
  const isException = networkTest(exceptions);
  return {
    allows(text) {
      const address = withoutMapping(text);
      const version = isIP(address);
      if (version === 0) return false;
      if (isException(address)) return true;
      return (version === 4 || isUnicast6(address)) && !isClosed(address);
    },
  };
}

/** `::ffff:127.0.0.1`, however it is spelled, is 127.0.0.1: the rules for IPv4 hold. Zones (`%eth0`) are not for issuers. */
function withoutMapping(address: string): string {
  if (address.includes('%')) return '';
  if (isIP(address) !== 6) return address;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  const [high, low] = [mapped[1], mapped[2]].map((part) => Number.parseInt(part ?? '', 16));
  if (high === undefined || low === undefined) return '';
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
