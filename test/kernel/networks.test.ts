import { describe, expect, test } from 'vitest';
import { isNetwork, networkTest } from '../../src/kernel/networks.ts';

test.each(['10.0.0.5', '10.0.0.0/8', '0.0.0.0/0', '::1', 'fd00::/8', '2001:db8::/128'])('%s is a network', (text) => {
  expect(isNetwork(text)).toBe(true);
});

test.each([
  'localhost',
  '10.0.0.0/33',
  '10.0.0.0/8/8',
  '10.0.0.0/',
  '10.0.0/8',
  'fd00::/129',
  '',
  '10.0.0.0/-1',
  ' ::1',
])("'%s' is no network", (text) => {
  expect(isNetwork(text)).toBe(false);
});

describe('addresses in 10.1.0.0/16, 192.168.0.7 and fd00::/8', () => {
  const isIn = networkTest(['10.1.0.0/16', '192.168.0.7', 'fd00::/8']);
  test.each([
    ['10.1.255.255', true],
    ['10.2.0.0', false],
    ['192.168.0.7', true],
    ['192.168.0.8', false],
    ['fdff::1', true],
    ['fe80::1', false],
  ])('%s: %s', (address, expected) => {
    expect(isIn(address)).toBe(expected);
  });
});
