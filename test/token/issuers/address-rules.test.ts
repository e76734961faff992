import { describe, expect, test } from 'vitest';
import { createAddressRules } from '../../../src/token/issuers/address-rules.ts';

describe('without exceptions', () => {
  const rules = createAddressRules();

  test.each(['20.190.160.1', '140.82.121.4', '1.1.1.1', '2603:1026::1', '2a00:1450:400f::1'])(
    '%s is open',
    (address) => {
      expect(rules.allows(address)).toBe(true);
    },
  );

  test.each([
    ['this network', '0.0.0.0'],
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.0.9'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['the end of private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['shared by a provider', '100.64.0.1'],
    ['metadata of a cloud', '169.254.169.254'],
    ['the wire server of Azure', '168.63.129.16'],
    ['metadata of another cloud', '192.0.0.192'],
    ['benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback of IPv6', '::1'],
    ['unspecified', '::'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['public with a zone', '2a00::1%eth0'],
    ['private of IPv6', 'fd00:ec2::254'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['mapped loopback in full', '0:0:0:0:0:ffff:7f00:0001'],
    ['compatible loopback', '::127.0.0.1'],
    ['translated private', '64:ff9b::a00:1'],
    ['6to4 of a private address', '2002:0a00:0001::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['documentation', '2001:db8::1'],
    ['a name', 'localhost'],
    ['an odd spelling', '0x7f.1'],
    ['nothing', ''],
  ])('%s (%s) is closed', (_what, address) => {
    expect(rules.allows(address)).toBe(false);
  });

  test('a public address is open in its mapped form too', () => {
    expect(rules.allows('::ffff:20.190.160.1')).toBe(true);
  });
});

describe('exceptions', () => {
  test.each([
    { exceptions: ['127.0.0.1'], open: ['127.0.0.1', '::ffff:127.0.0.1'], closed: ['127.0.0.2', '::1', '10.0.0.1'] },
    { exceptions: ['10.1.0.0/16'], open: ['10.1.255.1'], closed: ['10.2.0.1'] },
    {
      exceptions: ['fd00::/8', '192.168.1.0/24'],
      open: ['fd12::1', '192.168.1.9'],
      closed: ['fc00::1', '192.168.2.1'],
    },
  ])('$exceptions open those alone', ({ exceptions, open, closed }) => {
    const rules = createAddressRules(exceptions);
    expect(open.filter((address) => !rules.allows(address))).toEqual([]);
    expect(closed.filter((address) => rules.allows(address))).toEqual([]);
  });
});
