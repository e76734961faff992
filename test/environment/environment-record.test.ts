import { describe, expect, test } from 'vitest';
import { aliasesOf, type EnvironmentPlace, environmentUrl } from '../../src/environment/environment-record.ts';

const local = { url: 'https://localhost:8443', port: 8443 };
const mapped = { url: 'https://localhost:9000', port: 8443 };
const plain = { url: 'http://127.0.0.1:8080', port: 8080 };
const usual = { url: 'https://localhost', port: 443 };
const shared = { url: 'https://hr.example.com', port: 8443 };

describe('where an environment is', () => {
  const rows: readonly { name: string; place: EnvironmentPlace; server: typeof local; url: string }[] = [
    { name: 'the first one', place: { kind: 'server' }, server: local, url: 'https://localhost:8443' },
    { name: 'a local name', place: { kind: 'localName' }, server: local, url: 'https://kai.localhost:8443' },
    {
      name: 'a local name behind a mapped port',
      place: { kind: 'localName' },
      server: mapped,
      url: 'https://kai.localhost:9000',
    },
    { name: 'a local name without TLS', place: { kind: 'localName' }, server: plain, url: 'http://kai.localhost:8080' },
    {
      name: 'a local name at the usual port',
      place: { kind: 'localName' },
      server: usual,
      url: 'https://kai.localhost',
    },
    {
      name: 'a local name of a server that others use now',
      place: { kind: 'localName' },
      server: shared,
      url: 'https://kai.localhost:8443',
    },
    { name: 'a URL', place: { kind: 'url', url: 'https://kai.example' }, server: shared, url: 'https://kai.example' },
  ];
  test.each(rows)('$name: $url', ({ place, server, url }) => {
    expect(environmentUrl({ place, uniqueName: 'kai' }, server)).toBe(url);
  });
});

test.each([
  { server: local, aliases: ['127.0.0.1:8443', '[::1]:8443'] },
  { server: usual, aliases: ['127.0.0.1', '[::1]'] },
  { server: plain, aliases: ['localhost:8080', '[::1]:8080'] },
  { server: shared, aliases: [] },
])('$server.url is also reached as $aliases', ({ server, aliases }) => {
  expect(aliasesOf(server)).toEqual(aliases);
});
