// Makes names under .localhost lead to this machine in Node.js, on systems whose resolver does not know them:
//
//   node --import ./examples/localhost-names.mjs script.mjs
//
// Browsers and curl know these names by themselves (RFC 6761 section 6.3). Nothing else is resolved differently.
import dns from 'node:dns';

const { lookup } = dns;

dns.lookup = (hostname, ...rest) => {
  const callback = rest.at(-1);
  if (!/(^|\.)localhost$/i.test(hostname) || typeof callback !== 'function') return lookup(hostname, ...rest);
  const options = rest.length > 1 ? rest[0] : {};
  const isAll = typeof options === 'object' && options?.all === true;
  const found = { address: '127.0.0.1', family: 4 };
  process.nextTick(() => (isAll ? callback(null, [found]) : callback(null, found.address, found.family)));
  return undefined;
};
