import { describe, expect, test } from 'vitest';
import { clientAddressBehind } from '../../src/http/client-address.ts';

const proxies = ['10.0.0.5', '192.168.0.0/16', 'fd00::/8'];
const long = Array.from({ length: 40 }, () => '192.168.1.1').join(', ');

describe('the address of a client', () => {
  test.each([
    { name: 'is that of the connection', peer: '203.0.113.7', address: '203.0.113.7' },
    { name: 'is plain IPv4 on an IPv6 socket', peer: '::ffff:203.0.113.7', address: '203.0.113.7' },
    { name: 'is not taken from a stranger', peer: '203.0.113.7', header: '198.51.100.1', address: '203.0.113.7' },
    { name: 'is taken from a trusted proxy', peer: '10.0.0.5', header: '198.51.100.1', address: '198.51.100.1' },
    {
      name: 'is taken from a proxy on an IPv6 socket',
      peer: '::ffff:10.0.0.5',
      header: '198.51.100.1',
      address: '198.51.100.1',
    },
    {
      name: 'is the last one before trusted proxies',
      peer: '10.0.0.5',
      header: '1.1.1.1, 198.51.100.1, 192.168.3.4',
      address: '198.51.100.1',
    },
    {
      name: 'is read from the right: what the client wrote itself is not believed',
      peer: '10.0.0.5',
      header: '1.1.1.1, 198.51.100.1',
      address: '198.51.100.1',
    },
    { name: 'loses its port', peer: '10.0.0.5', header: '198.51.100.1:4711', address: '198.51.100.1' },
    {
      name: 'may be IPv6 with brackets and port',
      peer: 'fd00::1',
      header: '[2001:db8::1]:4711',
      address: '2001:db8::1',
    },
    { name: 'is the proxy when it wrote no address', peer: '10.0.0.5', header: 'unknown', address: '10.0.0.5' },
    {
      name: 'is the nearest known when an entry is empty',
      peer: '10.0.0.5',
      header: '1.1.1.1,,192.168.0.9',
      address: '192.168.0.9',
    },
    { name: 'is a proxy when all are', peer: '10.0.0.5', header: '192.168.0.9', address: '192.168.0.9' },
    {
      name: 'is looked for among so many hops only',
      peer: '10.0.0.5',
      header: `1.1.1.1, ${long}`,
      address: '192.168.1.1',
    },
    { name: 'is unknown once the connection is closed', peer: undefined, header: '1.1.1.1', address: undefined },
  ])('$name', ({ peer, header, address }) => {
    expect(clientAddressBehind(proxies)(peer, header)).toBe(address);
  });

  test('without trusted proxies the header means nothing', () => {
    expect(clientAddressBehind([])('127.0.0.1', '198.51.100.1')).toBe('127.0.0.1');
  });
});
