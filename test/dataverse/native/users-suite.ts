import { describe, expect, test } from 'vitest';
import { createFirstAdministrator } from '../../../src/dataverse/first-administrator.ts';
import { type ClientId, type Guid, namedGuid, newGuid } from '../../../src/kernel/ids.ts';
import {
  application,
  bind,
  create,
  idIn,
  link,
  model,
  moment,
  organizationId,
  remove,
  rowsIn,
  update,
} from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeUsers(engine: string, world: NativeWorld): void {
  const { run, refusal, inRoot, register, createUser, createRole, read, related } = world;

  describe(`application users on ${engine}`, () => {
    test('are filled from the directory', async () => {
      const clientId = register('Rekruttering');
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      const columns = ['fullname', 'domainname', 'internalemailaddress', 'azureactivedirectoryobjectid', 'accessmode'];
      const others = ['applicationid', 'applicationiduri', 'isdisabled', 'islicensed', 'createdon', 'organizationid'];
      expect(await read('systemuser', id, [...columns, ...others, 'businessunitid'])).toMatchObject({
        systemuserid: id,
        fullname: 'Rekruttering',
        domainname: `Rekruttering${clientId}@fjord.onmicrosoft.com`,
        internalemailaddress: `Rekruttering${clientId}@fjord.onmicrosoft.com`,
        azureactivedirectoryobjectid: namedGuid(`object ${clientId}`),
        accessmode: 4,
        applicationid: clientId,
        applicationiduri: `api://${clientId}`,
        isdisabled: false,
        islicensed: false,
        createdon: moment,
        organizationid: organizationId,
        _businessunitid_value: world.root,
      });
    });

    test('keep an e-mail address that was given, and one that is made fits its column', async () => {
      const given = await createUser({ internalemailaddress: 'ats@fjord.no' });
      expect(await read('systemuser', given, ['internalemailaddress'])).toMatchObject({
        internalemailaddress: 'ats@fjord.no',
      });
      const clientId = register('N'.repeat(120));
      const made = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      const { internalemailaddress } = await read('systemuser', made, ['internalemailaddress']);
      expect(internalemailaddress).toHaveLength(100);
      expect(internalemailaddress).toMatch(new RegExp(`${clientId}@fjord.onmicrosoft.com$`));
    });

    test('exist for the next request at once, and join the default team of their unit', async () => {
      const clientId = register();
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      expect(world.environment.user(clientId).id).toBe(id);
      const teams = rowsIn(await run(related('systemuser', id, 'teammembership_association', ['isdefault'])));
      expect(teams).toMatchObject([{ isdefault: true }]);
    });

    test.each([
      {
        name: 'a second user of the same application',
        operation: async () => {
          const clientId = register();
          await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')]));
          return create('systemuser', { applicationid: clientId }, [inRoot('systemuser')]);
        },
        status: 400,
        code: '0x8004f511',
        message: /^You are attempting to create an Application ID = [0-9a-f-]{36} that already exists\.$/,
      },
      {
        name: 'an application that the directory does not know',
        operation: async () => create('systemuser', { applicationid: newGuid() }, [inRoot('systemuser')]),
        status: 400,
        code: '0x80072559',
        message: /was not found in the directory/,
      },
      {
        name: 'a user without a client id',
        operation: async () => create('systemuser', { lastname: 'Hansen' }, [inRoot('systemuser')]),
        status: 501,
        code: '0x80040315',
        message: /applicationid/,
      },
      {
        name: 'a user without a business unit',
        operation: async () => create('systemuser', { applicationid: register() }),
        status: 400,
        code: '0x80048d19',
        message: /_businessunitid_value/,
      },
      {
        name: 'a business unit that is not there',
        operation: async () =>
          create('systemuser', { applicationid: register() }, [bind('systemuser', 'businessunitid', newGuid())]),
        status: 404,
        code: '0x80040217',
        message: /^Entity 'businessunit' With Id = [0-9a-f-]{36} Does Not Exist$/,
      },
      {
        name: 'a value for a column that the system fills',
        operation: async () =>
          create('systemuser', { applicationid: register(), fullname: 'X' }, [inRoot('systemuser')]),
        status: 400,
        code: '0x80040203',
        message: /fullname/,
      },
      {
        name: 'another client id later',
        operation: async () => update('systemuser', await createUser(), { applicationid: newGuid() }),
        status: 400,
        code: '0x80041d48',
        message: /applicationid/,
      },
      {
        name: 'the deletion of an enabled user',
        operation: async () => remove('systemuser', await createUser()),
        status: 405,
        code: '0x8004023b',
        message: /Disable the user first/,
      },
    ])('$name is refused', async ({ operation, status, code, message }) => {
      const problem = await refusal(await operation());
      expect(problem).toMatchObject({ status, code });
      expect(problem.message).toMatch(message);
    });

    test('that were refused leave nothing behind', async () => {
      const before = (await world.environment.rowsOf('systemuser')).length;
      await refusal(
        create('systemuser', { applicationid: register() }, [bind('systemuser', 'businessunitid', newGuid())]),
      );
      expect(await world.environment.rowsOf('systemuser')).toHaveLength(before);
    });

    test('are disabled and enabled, which the next request knows', async () => {
      const clientId = register();
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      await run(update('systemuser', id, { isdisabled: true }));
      expect(() => world.environment.user(clientId)).toThrow(/is disabled/);
      await run(update('systemuser', id, { isdisabled: false }));
      expect(world.environment.user(clientId).id).toBe(id);
    });

    test('are deleted when disabled, with their roles and memberships', async () => {
      const id = await createUser();
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', await createRole('Slettes')));
      await run(update('systemuser', id, { isdisabled: true }));
      expect(await run(remove('systemuser', id))).toEqual({ kind: 'done' });
      for (const name of ['systemuser', 'systemuserroles', 'teammembership']) {
        expect((await world.environment.rowsOf(name)).filter(({ systemuserid }) => systemuserid === id)).toEqual([]);
      }
      expect(await refusal(remove('systemuser', id))).toMatchObject({ status: 404, code: '0x80040217' });
    });

    test('have their access mode changed by a System Administrator only', async () => {
      const id = await createUser();
      const clerk = await world.environment.userWith({ prvReadUser: 'global', prvWriteUser: 'global' });
      expect(await refusal(update('systemuser', id, { accessmode: 0 }), clerk)).toMatchObject({
        status: 403,
        code: '0x80048d2f',
      });
      await run(update('systemuser', id, { accessmode: 0 }));
      expect(await read('systemuser', id, ['accessmode'])).toMatchObject({ accessmode: 0 });
    });

    test('are disabled only by who holds prvDisableUser', async () => {
      const id = await createUser();
      const clerk = await world.environment.userWith({ prvReadUser: 'global', prvWriteUser: 'global' });
      const problem = await refusal(update('systemuser', id, { isdisabled: true }), clerk);
      expect(problem).toMatchObject({ status: 403, code: '0x80040220' });
      expect(problem.message).toContain('is missing prvDisableUser privilege');
    });
  });

  describe(`the last System Administrator on ${engine}`, () => {
    const removed = {
      code: '0x80041d30',
      message:
        'A user cannot be removed from the System Administrator Role if they are the only user that has the role.',
    };

    test('cannot leave the role behind by moving to another unit', async () => {
      const unit = await world.environment.putUnit('Uten administrator');
      const move = update('systemuser', world.admin.id, {}, [bind('systemuser', 'businessunitid', unit)]);
      expect(await refusal(move)).toEqual({ status: 400, ...removed });
      expect(world.environment.admin.businessUnitId).toBe(world.root);
    });

    test.each([
      {
        name: 'cannot be disabled',
        operation: () => update('systemuser', world.admin.id, { isdisabled: true }),
        code: '0x80041d2f',
        message: 'A user cannot be disabled if they are the only user that has the System Administrator Role.',
      },
      {
        name: 'cannot lose the role',
        ...removed,
        operation: () =>
          link(
            'disassociate',
            'systemuser',
            world.admin.id,
            'systemuserroles_association',
            world.environment.base.systemAdministratorRoleId,
          ),
      },
      {
        name: 'cannot lose the role from its side',
        ...removed,
        operation: () =>
          link(
            'disassociate',
            'role',
            world.environment.base.systemAdministratorRoleId,
            'systemuserroles_association',
            world.admin.id,
          ),
      },
    ])('$name', async ({ operation, code, message }) => {
      expect(await refusal(operation())).toEqual({ status: 400, code, message });
      expect(world.environment.admin.isSystemAdministrator).toBe(true);
    });

    test('is not the last when another enabled user has the role', async () => {
      const id = await createUser();
      const role = world.environment.base.systemAdministratorRoleId;
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', role));
      await run(link('disassociate', 'systemuser', id, 'systemuserroles_association', role));
      expect(world.environment.deps.security.current.users.size).toBeGreaterThan(1);
      expect(await refusal(update('systemuser', world.admin.id, { isdisabled: true }))).toMatchObject({
        code: '0x80041d2f',
      });
    });

    test('is still there when two are taken away at the same moment', async () => {
      const role = world.environment.base.systemAdministratorRoleId;
      const id = await createUser();
      await run(link('associate', 'systemuser', id, 'systemuserroles_association', role));
      const strip = (user: Guid) => run(link('disassociate', 'systemuser', user, 'systemuserroles_association', role));
      const outcomes = await Promise.allSettled([strip(id), strip(world.admin.id)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const [left] = (await world.environment.rowsOf('systemuserroles')).filter(({ roleid }) => roleid === role);
      if (left?.['systemuserid'] !== world.admin.id) {
        await world.environment.put('systemuserroles', { systemuserid: world.admin.id, roleid: role });
        await world.environment.deps.security.refresh();
        // Tests after this one count on a single administrator.
        await strip(id);
      }
    });

    test('is not made a second time without a caller', async () => {
      const first = {
        application: application(newGuid<ClientId>()),
        organizationId,
        baseIds: world.environment.base,
        moment,
      };
      await expect(
        world.environment.store.maintain((rows) => createFirstAdministrator(rows, model, first)),
      ).rejects.toThrow('already has a System Administrator');
    });
  });
}
