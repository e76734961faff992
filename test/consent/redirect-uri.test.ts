import { describe, expect, test } from 'vitest';
import { findRedirect, redirectTo } from '../../src/consent/redirect-uri.ts';

const registered = ['https://app.example/signin', 'http://localhost:3000/done', 'https://other.example/?tenant=1'];

describe('where the page may lead to', () => {
  test.each([
    { name: 'the registered URI', asked: 'https://app.example/signin', to: 'https://app.example/signin' },
    { name: 'further segments', asked: 'https://app.example/signin/a/b', to: 'https://app.example/signin/a/b' },
    { name: 'a final slash', asked: 'https://app.example/signin/', to: 'https://app.example/signin/' },
    { name: 'host and scheme in capitals', asked: 'HTTPS://APP.example/signin', to: 'https://app.example/signin' },
    {
      name: 'the port that https has anyway',
      asked: 'https://app.example:443/signin',
      to: 'https://app.example/signin',
    },
    { name: 'this machine, at another port', asked: 'http://localhost:51234/done', to: 'http://localhost:51234/done' },
    { name: 'a registered query', asked: 'https://other.example/?tenant=1', to: 'https://other.example/?tenant=1' },
    {
      name: 'an encoded letter in a further segment',
      asked: 'https://app.example/signin/%C3%B8',
      to: 'https://app.example/signin/%C3%B8',
    },
  ])('$name: allowed', ({ asked, to }) => {
    expect(findRedirect(registered, asked)?.href).toBe(to);
  });

  test.each([
    { name: 'another host', asked: 'https://evil.example/signin' },
    { name: 'a host that begins the same', asked: 'https://app.example.evil.example/signin' },
    { name: 'a host below', asked: 'https://a.app.example/signin' },
    { name: 'a host with a final dot', asked: 'https://app.example./signin' },
    { name: 'another scheme', asked: 'http://app.example/signin' },
    { name: 'another port', asked: 'https://app.example:8443/signin' },
    { name: 'a path that only begins the same', asked: 'https://app.example/signin-evil' },
    { name: 'a path in capitals', asked: 'https://app.example/SignIn' },
    { name: 'the folder above', asked: 'https://app.example/' },
    { name: 'dot segments', asked: 'https://app.example/signin/../evil' },
    { name: 'encoded dot segments', asked: 'https://app.example/signin/%2e%2E/evil' },
    { name: 'half encoded dot segments', asked: 'https://app.example/signin/.%2e/evil' },
    { name: 'a dot segment at the end', asked: 'https://app.example/signin/..' },
    { name: 'an encoded slash', asked: 'https://app.example/signin/..%2f..%2fevil' },
    { name: 'a backslash', asked: 'https://app.example/signin\\..\\evil' },
    { name: 'a backslash before the host', asked: 'https:\\\\evil.example\\signin' },
    { name: 'user information', asked: 'https://app.example@evil.example/signin' },
    { name: 'user information before the host', asked: 'https://x:y@app.example/signin' },
    { name: 'empty user information', asked: 'https://@app.example/signin' },
    { name: 'a fragment', asked: 'https://app.example/signin#x' },
    { name: 'an empty fragment', asked: 'https://app.example/signin#' },
    { name: 'a query that is not registered', asked: 'https://app.example/signin?next=https://evil.example' },
    { name: 'another query than the registered', asked: 'https://other.example/?tenant=2' },
    { name: 'a line break', asked: 'https://app.example/signin\r\nSet-Cookie: a=b' },
    { name: 'a tab in the scheme', asked: 'ht\ttps://app.example/signin' },
    { name: 'a space before', asked: ' https://app.example/signin' },
    { name: 'no host', asked: 'https:///signin' },
    { name: 'one slash', asked: 'https:/app.example/signin' },
    { name: 'no scheme', asked: '//app.example/signin' },
    { name: 'a relative path', asked: '/signin' },
    { name: 'a script', asked: 'javascript:alert(1)' },
    { name: 'data', asked: 'data:text/html,x' },
    { name: 'nothing', asked: '' },
    { name: 'a semicolon in the host', asked: 'https://app.example;x/signin' },
  ])('$name: refused', ({ asked }) => {
    expect(findRedirect(registered, asked)).toBeUndefined();
  });

  test('a registered host alone allows every path of it', () => {
    expect(findRedirect(['https://app.example'], 'https://app.example/anything')?.href).toBe(
      'https://app.example/anything',
    );
  });

  test('a registered URI that could not be asked for matches nothing, not even itself', () => {
    for (const uri of ['http://app.example/x', 'https://a;b/x', 'app://x'])
      expect(findRedirect([uri], uri)).toBeUndefined();
    expect(findRedirect([], 'https://app.example/signin')).toBeUndefined();
  });
});

test('parameters are added behind those that are there, encoded', () => {
  const to = redirectTo(new URL('https://other.example/?tenant=1'), { state: 'a&b=c d\r\n', error: undefined });
  expect(to).toBe('https://other.example/?tenant=1&state=a%26b%3Dc+d%0D%0A');
});
