import { describe, expect, test } from 'vitest';
import { newGuid, type TenantId } from '../../src/kernel/ids.ts';
import { createResourceDirectory, dataverseAudience, finopsAudience } from '../../src/token/resources.ts';

const [ours, theirs] = [newGuid<TenantId>(), newGuid<TenantId>()];
const resources = createResourceDirectory([
  { url: 'https://one.crm.example:8443', tenantId: ours },
  { url: 'https://two.crm.example:8443', tenantId: ours },
  { url: 'https://three.crm.example', tenantId: theirs },
]);

describe('resources of a tenant', () => {
  test.each([
    { identifier: 'https://one.crm.example:8443', api: 'dataverse' },
    { identifier: 'https://two.crm.example:8443/', api: 'dataverse' },
    { identifier: 'https://two.api.crm.example:8443', api: 'dataverse' },
    { identifier: 'https://two.crm.example:8443/data', api: 'finops' },
    { identifier: '00000015-0000-0000-c000-000000000000', api: 'finops' },
    { identifier: 'https://graph.microsoft.com/', api: 'graph' },
    { identifier: 'https://three.crm.example', api: undefined },
    { identifier: 'https://one.crm.example', api: undefined },
    { identifier: 'https://one.crm.example:8443//', api: undefined },
    { identifier: '', api: undefined },
  ])('$identifier: $api', ({ identifier, api }) => {
    expect(resources.find(ours, identifier)?.api).toBe(api);
  });

  test('a tenant without environments knows Microsoft Graph only', () => {
    const none = createResourceDirectory([]);
    expect(none.find(ours, '00000003-0000-0000-c000-000000000000')?.api).toBe('graph');
    expect(none.find(ours, '00000007-0000-0000-c000-000000000000')).toBeUndefined();
  });
});

test.each([
  { audience: 'https://one.crm.example', dataverse: true, finops: false },
  { audience: 'https://ONE.crm.example/', dataverse: true, finops: false },
  { audience: 'https://one.crm.example//', dataverse: false, finops: false },
  { audience: 'https://one.crm.example/data', dataverse: false, finops: true },
  { audience: 'https://two.crm.example', dataverse: false, finops: false },
  { audience: '', dataverse: false, finops: false },
])('audience $audience opens dataverse: $dataverse, finops: $finops', ({ audience, dataverse, finops }) => {
  expect(dataverseAudience('https://one.crm.example')(audience)).toBe(dataverse);
  expect(finopsAudience('https://one.crm.example')(audience)).toBe(finops);
});

test('localhost has no further name', () => {
  expect(dataverseAudience('https://localhost:8443')('https://localhost.api:8443')).toBe(false);
});
