import { describe, expect, test } from 'vitest';
import { checkTrustedIssuers } from '../src/check-issuers.ts';
import { Directory } from '../src/directory/directory.ts';
import { getGuid } from '../src/kernel/ids.ts';
import { parseTrustedIssuers } from '../src/token/issuers/parse-trusted-issuers.ts';
import { MemoryStore } from './support/memory-store.ts';
import { recordingLog } from './support/recording-log.ts';

const id = '11111111-1111-4111-8111-111111111111';
const domain = 'nordlys.example';
const url = 'https://hr.example';
const issuer = { name: 'A', issuer: 'https://a.example', tenant: domain, applications: 'any' };
const other = { ...issuer, name: 'B', issuer: 'https://b.example', applications: [id] };

async function check(...issuers: readonly object[]): Promise<readonly unknown[]> {
  const directory = await Directory.open(new MemoryStore());
  await directory.createTenant({ id: getGuid(id), displayName: 'Nordlys', domains: [domain] });
  const log = recordingLog();
  const trusted = parseTrustedIssuers(JSON.stringify(issuers));
  checkTrustedIssuers(trusted, { directory: directory.current, url, environments: [url] }, log);
  return log.lines;
}

describe('trusted issuers beside what is installed', () => {
  test('one that fits says nothing', async () => {
    expect(await check({ ...issuer, environments: [url] }, other)).toEqual([]);
  });

  test.each([
    {
      name: 'our own authority',
      issuers: [{ ...issuer, issuer: `${url}/${id}/` }],
      says: `'A' names our own authority, ${url}/${id}/`,
    },
    {
      name: "'any' twice for a tenant of two names",
      issuers: [issuer, { ...other, tenant: id, applications: 'any' }],
      says: "'A' and 'B' are of one tenant, which has 'any' application once",
    },
    {
      name: 'two addresses for a tenant of two names',
      issuers: [
        { ...issuer, authorizationUri: 'https://a.example/x' },
        { ...other, tenant: id, authorizationUri: 'https://b.example/x' },
      ],
      says: "'A' and 'B' are of one tenant, which has authorizationUri once",
    },
  ])('$name stops the start', async ({ issuers, says }) => {
    await expect(check(...issuers)).rejects.toThrow(
      `PORTVAKT_TRUSTED_ISSUERS cannot be used: ${says}; see docs/outside-issuers.md`,
    );
  });

  test('a tenant and an environment that are not there are warned of', async () => {
    const issuers = { ...issuer, tenant: 'later.example', environments: ['https://later.example'] };
    expect(await check(issuers)).toMatchObject([
      {
        level: 'warn',
        message: 'a trusted issuer has a tenant that is not there',
        fields: { name: 'A', tenant: 'later.example' },
      },
      {
        level: 'warn',
        message: 'a trusted issuer has an environment that is not there',
        fields: { name: 'A', environment: 'https://later.example' },
      },
    ]);
  });
});
