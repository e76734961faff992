import { describe, expect, test } from 'vitest';
import { configurationUrl, parseIssuer, parseIssuerUrl } from '../../../src/token/issuers/issuer-url.ts';

test.each([
  'https://token.actions.githubusercontent.com',
  'https://sts.windows.net/11111111-1111-4111-8111-111111111111/',
  'https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0',
  'https://keycloak.example.com:8443/realms/hr',
  'https://example.com:443/x',
  'https://EXAMPLE.com/Case/Kept',
  'https://10.0.0.1/',
  'https://[2a00::1]:8443/',
])('%s is an issuer', (text) => {
  expect(parseIssuer(text).protocol).toBe('https:');
});

describe('refused before anything is asked', () => {
  test.each([
    ['plain HTTP', 'http://issuer.example.com', 'does not begin with https://'],
    ['another scheme', 'file:///etc/passwd', 'does not begin with https://'],
    ['no URL', 'issuer.example.com', 'is no URL'],
    ['user info', 'https://user@issuer.example.com', 'carries user info'],
    ['a password', 'https://a:b@issuer.example.com', 'carries user info'],
    ['empty user info', 'https://@issuer.example.com', 'has a host that is not spelled as usual'],
    ['a fragment', 'https://issuer.example.com/#x', 'carries a fragment'],
    ['an empty fragment', 'https://issuer.example.com/#', 'carries a fragment'],
    ['a query', 'https://issuer.example.com/?a=b', 'has a query'],
    ['an empty query', 'https://issuer.example.com/?', 'has a query'],
    ['backslashes', 'https:\\\\issuer.example.com', 'is not spelled as usual'],
    ['a backslash in the host', 'https://issuer.example.com\\@evil.example', 'is not spelled as usual'],
    ['white space', 'https://issuer.example.com/ x', 'is not spelled as usual'],
    ['a tab that parsers drop', 'https://iss\tuer.example.com/', 'is not spelled as usual'],
    ['one slash', 'https:/issuer.example.com', 'is not spelled as usual'],
    ['hexadecimal', 'https://0x7f.1/', 'has a host that is not spelled as usual'],
    ['a number', 'https://2130706433/', 'has a host that is not spelled as usual'],
    ['octal', 'https://0177.0.0.1/', 'has a host that is not spelled as usual'],
    ['a short address', 'https://127.1/', 'has a host that is not spelled as usual'],
    ['full-width digits', 'https://１２７.0.0.1/', 'has a host that is not spelled as usual'],
    ['percent in the host', 'https://%6cocalhost/', 'has a host that is not spelled as usual'],
    ['a long form of IPv6', 'https://[0:0:0:0:0:0:0:1]/', 'has a host that is not spelled as usual'],
    ['letters that look alike', 'https://ıssuer.example.com/', 'has a host that is not spelled as usual'],
    ['a final dot', 'https://localhost./', 'has a host that cannot be looked up'],
    ['the port of SSH', 'https://issuer.example.com:22', 'has a port of another service'],
    ['the port of plain HTTP', 'https://issuer.example.com:80', 'has a port of another service'],
    ['port zero', 'https://issuer.example.com:0', 'has a port of another service'],
    ['too long', `https://issuer.example.com/${'x'.repeat(2048)}`, 'is no URL'],
  ])('%s', (_name, text, why) => {
    expect(() => parseIssuer(text)).toThrow(why);
  });
});

test('a key set may have a query', () => {
  expect(parseIssuerUrl('https://issuer.example.com/keys?p=B2C_1').search).toBe('?p=B2C_1');
});

test.each([
  ['https://a.example', 'https://a.example/.well-known/openid-configuration'],
  ['https://a.example/', 'https://a.example/.well-known/openid-configuration'],
  ['https://a.example/t/v2.0', 'https://a.example/t/v2.0/.well-known/openid-configuration'],
  ['https://a.example/t/', 'https://a.example/t/.well-known/openid-configuration'],
])('%s describes itself at %s', (issuer, url) => {
  expect(configurationUrl(issuer)).toBe(url);
});
