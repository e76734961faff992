import { beforeAll, describe, expect, test } from 'vitest';
import { currentPermissions, isOwnApplication } from '../../src/graph/permissions.ts';
import type { Caller } from '../../src/token/caller.ts';
import { parseTrustedIssuers } from '../../src/token/issuers/parse-trusted-issuers.ts';
import { start, World } from '../token/world.ts';

let world: World;
let caller: Caller;
let id: string;

beforeAll(async () => {
  world = await World.make();
  const { application, principal } = await world.addApplication('Self');
  await world.directory.grantAppRole(principal.id, 'Application.Read.All');
  id = application.id;
  caller = {
    clientId: application.clientId,
    tenantId: world.tenant.id,
    objectId: principal.id,
    audience: 'https://graph.microsoft.com',
    roles: ['Application.Read.All', 'Application.ReadWrite.All'],
    expiresAt: start,
    tokenId: 'x',
  };
});

const outsideVoucher = (): NonNullable<Caller['outside']> => {
  const issuer = { name: 'Theirs', issuer: 'https://issuer.example', tenant: 'fjordheim.example' };
  const [trusted] = parseTrustedIssuers(JSON.stringify([{ ...issuer, applications: [caller.clientId] }]));
  if (trusted === undefined) throw new TypeError('no issuer');
  return { trusted, audiences: [] };
};

test('a permission in the token counts as long as it is granted', () => {
  expect(currentPermissions(caller, world.directory.current)).toEqual(['Application.Read.All']);
});

describe('the own application', () => {
  const isOwn = (key: { by: 'id' | 'appid' | 'uniquename'; value: string }, changes: Partial<Caller> = {}): boolean =>
    isOwnApplication({ ...caller, ...changes }, world.directory.current, [key]);

  test("is the one with the caller's client id, named by either id", () => {
    expect(isOwn({ by: 'id', value: id.toUpperCase() })).toBe(true);
    expect(isOwn({ by: 'appid', value: caller.clientId })).toBe(true);
    expect(isOwn({ by: 'appid', value: id })).toBe(false);
    expect(isOwn({ by: 'id', value: caller.clientId })).toBe(false);
    expect(isOwn({ by: 'uniquename', value: id })).toBe(false);
    expect(isOwnApplication(caller, world.directory.current, [])).toBe(false);
  });

  test('is none in another tenant, and none for the client of another issuer', () => {
    expect(isOwn({ by: 'id', value: id }, { tenantId: world.otherTenant.id })).toBe(false);
    expect(isOwn({ by: 'id', value: id }, { outside: outsideVoucher() })).toBe(false);
  });
});
