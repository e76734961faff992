import { expect, test } from 'vitest';
import { openHrSession } from '../../src/hr/hr-session.ts';
import { atsClient, HrWorld } from './hr-world.ts';

const v1 =
  'A token was obtained to call Finance and Operations, but the call was rejected by Finance and Operations as not authorized. Verify that the Microsoft Entra application value is specified in the Microsoft Entra application for in Finance and Operations, and that the associated user account has privileges to call the CDSVirtualEntity web service.';
const v2 = (name: string) => `User ${name} was not found in Finance and Operations. Please ensure this user exists.`;
const platform = { AADClientId: '61a0518c-121a-421a-9ad6-f0955a88be43' };
const platformRole = { UserId: 'PowerPlatformApp', SecurityRoleIdentifier: 'CDSVirtualEntityApplication' };

test.each<{ name: string; arrange: (world: HrWorld) => Promise<void>; check: string; message: string }>([
  {
    name: 'the platform link is gone',
    arrange: (world) => world.change('SysAADClients', platform, 'delete'),
    check: 'platform link',
    message: v1,
  },
  {
    name: 'the platform link names no user',
    arrange: (world) => world.change('SysAADClients', platform, { UserId: null }),
    check: 'platform link',
    message: v1,
  },
  {
    name: 'the platform user is gone',
    arrange: (world) => world.change('SystemUsers', { UserID: 'PowerPlatformApp' }, 'delete'),
    check: 'platform link',
    message: v1,
  },
  {
    name: 'the platform user is disabled',
    arrange: (world) => world.change('SystemUsers', { UserID: 'PowerPlatformApp' }, { Enabled: false }),
    check: 'platform link',
    message: v1,
  },
  {
    name: "the platform user lacks the adapter's role",
    arrange: (world) => world.change('SecurityUserRoleAssociations', platformRole, 'delete'),
    check: 'platform link',
    message: v1,
  },
  {
    name: "the platform user's role is disabled",
    arrange: (world) => world.change('SecurityUserRoleAssociations', platformRole, { AssignmentStatus: 'Disabled' }),
    check: 'platform link',
    message: v1,
  },
  {
    name: 'the caller has no application link',
    arrange: (world) => world.change('SysAADClients', { AADClientId: atsClient }, 'delete'),
    check: 'application link',
    message: v2('ATS of the caller'),
  },
  {
    name: 'the link names no user',
    arrange: (world) => world.change('SysAADClients', { AADClientId: atsClient }, { UserId: null }),
    check: 'linked user',
    message: v2('Demo ATS'),
  },
  {
    name: 'the linked user does not exist',
    arrange: (world) => world.change('SysAADClients', { AADClientId: atsClient }, { UserId: 'Ghost' }),
    check: 'linked user',
    message: v2('Ghost'),
  },
  {
    name: 'the linked user is disabled',
    arrange: (world) => world.change('SystemUsers', { UserID: 'RekrutteringIntegrasjon' }, { Enabled: false }),
    check: 'user enabled',
    message: 'user RekrutteringIntegrasjon is disabled in Human Resources',
  },
])('$name: 400 0x80040265', async ({ arrange, check, message }) => {
  const world = await HrWorld.make();
  await world.recruiting();
  await arrange(world);
  const { current } = await world.security();
  const denial = openHrSession(current, { clientId: atsClient, appName: 'ATS of the caller' });
  expect(denial).toMatchObject({ kind: 'deny', check, problem: { status: 400, code: '0x80040265', message } });
});

test('without a name, a caller without a link is named by its client id', async () => {
  const { current } = await (await HrWorld.make()).security();
  expect(openHrSession(current, { clientId: atsClient })).toMatchObject({ problem: { message: v2(atsClient) } });
});

test('a linked, enabled user gives a session; case of client id and user id does not matter', async () => {
  const world = await HrWorld.make();
  await world.user('Mixed');
  await world.link('ABCDEF00-0000-0000-0000-000000000001', 'MIXED');
  const { current } = await world.security();
  const clientId = 'abcdef00-0000-0000-0000-000000000001' as typeof atsClient;
  expect(openHrSession(current, { clientId })).toMatchObject({ kind: 'session', user: { id: 'Mixed' } });
});

test('a system administrator may stand for the platform', async () => {
  const world = await HrWorld.make();
  await world.recruiting();
  await world.change('SysAADClients', platform, { UserId: 'Admin' });
  const { current } = await world.security();
  expect(openHrSession(current, { clientId: atsClient }).kind).toBe('session');
});
