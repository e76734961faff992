import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Names under `.localhost` lead to this machine (RFC 6761 section 6.3), also where the resolver does not know them. */
export const localLookup: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith('.localhost')) return lookup(hostname, options, callback);
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
