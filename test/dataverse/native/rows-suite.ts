import { describe, expect, test } from 'vitest';
import { syncPrivileges } from '../../../src/dataverse/base-rows.ts';
import { newGuid } from '../../../src/kernel/ids.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import {
  bind,
  column,
  create,
  idIn,
  list,
  message,
  model,
  moment,
  organizationId,
  query,
  remove,
  retrieve,
  rowsIn,
  table,
  update,
  upsert,
} from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeRows(engine: string, world: NativeWorld): void {
  const { run, refusal, inRoot, register, createRole, related } = world;

  describe(`rows on ${engine}`, () => {
    test('that are not there answer 404', async () => {
      const id = newGuid();
      expect(await refusal(retrieve('role', id))).toEqual({
        status: 404,
        code: '0x80040217',
        message: `Entity 'role' With Id = ${id} Does Not Exist`,
      });
      expect(await refusal(update('role', id, { name: 'x' }))).toMatchObject({ status: 404 });
      expect(await refusal(related('systemuser', id, 'systemuserroles_association'))).toMatchObject({ status: 404 });
    });

    test('are created with the id that came with the request, once', async () => {
      const roleid = newGuid();
      const operation = create('role', { roleid, name: `Egen id ${roleid}` }, [inRoot('role')]);
      expect(idIn(await run(operation))).toBe(roleid);
      const again = create('role', { roleid, name: `Annen ${roleid}` }, [inRoot('role')]);
      expect(await refusal(again)).toMatchObject({ status: 412, code: '0x80040237' });
    });

    test('come back as they are when a representation is asked for', async () => {
      const operation = create('role', { name: 'Vises' }, [inRoot('role')]);
      const result = await run({ ...operation, representation: query('role', ['name', 'createdon']) });
      expect(rowsIn(result)).toMatchObject([{ name: 'Vises', createdon: moment }]);
      const changed = {
        ...update('role', idIn(result), { name: 'Vises igjen' }),
        representation: query('role', ['name']),
      };
      expect(rowsIn(await run(changed))).toMatchObject([{ name: 'Vises igjen' }]);
    });

    test('are made or changed by an upsert, as they are there or not', async () => {
      const id = newGuid();
      const operation = (name: string) => upsert('role', id, { name }, [inRoot('role')]);
      expect(await run(operation(`Først ${id}`))).toMatchObject({ kind: 'created', id });
      // The business unit can be set once only; repeating what it is changes nothing.
      expect(await run(operation(`Så ${id}`))).toMatchObject({ kind: 'updated', id });
      expect(await refusal({ ...operation('x'), mayUpdate: false })).toMatchObject({ status: 412, code: '0x80060891' });
    });

    test('keep columns that are set once', async () => {
      const unit = await world.environment.putUnit('Flyttes ikke');
      const operation = update('role', await createRole('Fast enhet'), {}, [bind('role', 'businessunitid', unit)]);
      expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80040203' });
    });

    test('keep values that they must have', async () => {
      const operation = update('role', await createRole('Har navn'), { name: null });
      expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80048d19' });
    });

    test('are read and written under preconditions', async () => {
      const id = await createRole('Versjoner');
      const [shown] = rowsIn(await run({ kind: 'retrieve', id, query: query('role', ['name'], { etag: true }) }));
      const version = BigInt(/\d+/.exec(String(shown?.['@odata.etag']))?.[0] ?? '');
      const get = (kind: 'match' | 'noneMatch', versions: '*' | readonly bigint[]): Operation => ({
        kind: 'retrieve',
        id,
        query: query('role', ['name']),
        precondition: { kind, versions },
      });
      expect(await run(get('noneMatch', [version]))).toEqual({ kind: 'notModified' });
      expect(await run(get('noneMatch', '*'))).toEqual({ kind: 'notModified' });
      expect(await run(get('noneMatch', [version + 1000n]))).toMatchObject({ kind: 'row' });
      expect(await run(get('match', [version]))).toMatchObject({ kind: 'row' });
      expect(await refusal(get('match', [version + 1000n]))).toMatchObject({ status: 412, code: '0x80060882' });
      const ifMatch = { kind: 'match', versions: [version] } as const;
      await run({ ...update('role', id, { name: 'Versjoner 2' }), precondition: ifMatch });
      expect(await refusal({ ...update('role', id, { name: 'Versjoner 3' }), precondition: ifMatch })).toMatchObject({
        status: 412,
        code: '0x80060882',
        message: "The version of the existing record doesn't match the RowVersion property provided.",
      });
      expect(await refusal({ ...remove('role', id), precondition: ifMatch })).toMatchObject({ status: 412 });
      await run({ ...remove('role', id), precondition: { kind: 'match', versions: '*' } });
    });

    test.each(['privilege', 'roletemplate'] as const)('of %s can be read', async (name) => {
      expect(rowsIn(await run(list(name))).length).toBeGreaterThan(2);
    });

    test('of the organization can be read and not written', async () => {
      expect(rowsIn(await run(list('organization', { columns: [column('organization', 'name')] })))).toEqual([
        { organizationid: organizationId, name: 'Fjord' },
      ]);
      expect(await refusal(update('organization', organizationId, { name: 'x' }))).toEqual({
        status: 400,
        code: '0x80040800',
        message: "The 'Update' method does not support entities of type 'organization'.",
      });
    });
  });

  describe(`messages on ${engine}`, () => {
    test('WhoAmI tells who and where, even without a role', async () => {
      const clientId = register();
      const id = idIn(await run(create('systemuser', { applicationid: clientId }, [inRoot('systemuser')])));
      expect(await run(message('WhoAmI'), world.environment.user(clientId))).toEqual({
        kind: 'message',
        responseType: 'WhoAmIResponse',
        members: { BusinessUnitId: world.root, UserId: id, OrganizationId: organizationId },
      });
    });

    test('RetrieveVersion tells a version', async () => {
      expect(await run(message('RetrieveVersion'))).toMatchObject({
        members: { Version: expect.stringMatching(/^9\.2\./) },
      });
    });

    test.each([
      {
        name: 'one that comes later',
        operation: () => message('RetrievePrivilegeSet'),
        status: 501,
        text: /RetrievePrivilegeSet/,
      },
      { name: 'an unknown one', operation: () => message('Nonsense'), status: 404, text: /'Nonsense'/ },
      { name: 'a name in the wrong case', operation: () => message('whoami'), status: 404, text: /'whoami'/ },
      {
        name: 'an unbound call of a bound one',
        operation: () => message('AddPrivilegesRole'),
        status: 404,
        text: /Role/,
      },
      {
        name: 'a call on a row of another table',
        operation: () => message('AddPrivilegesRole', {}, { table: 'team', id: world.root }),
        status: 404,
        text: /Role/,
      },
    ])('$name is refused', async ({ operation, status, text }) => {
      const problem = await refusal(operation());
      expect(problem.status).toBe(status);
      expect(problem.message).toMatch(text);
    });
  });

  describe(`base rows on ${engine}`, () => {
    test('hold every privilege, and later ones are added for System Administrator', async () => {
      const { index } = world.environment.deps.security.current;
      expect(await world.environment.rowsOf('privilege')).toHaveLength(index.size);
      const lost = index.at(0).privilegeId;
      const [privileges, held] = [table('privilege'), table('roleprivileges')];
      const added = await world.environment.store.maintain(async (rows) => {
        const where = {
          kind: 'compare',
          op: 'eq',
          column: column('roleprivileges', 'privilegeid'),
          value: lost,
        } as const;
        for (const row of await rows.list(held, where, 100)) await rows.delete(held, row.id);
        await rows.delete(privileges, lost);
        return [await syncPrivileges(rows, model), await syncPrivileges(rows, model)];
      });
      expect(added).toEqual([1, 0]);
      const roles = (await world.environment.rowsOf('roleprivileges')).filter(
        ({ privilegeid }) => privilegeid === lost,
      );
      expect(roles).toMatchObject([
        { roleid: world.environment.base.systemAdministratorRoleId, privilegedepthmask: 8 },
      ]);
    });
  });
}
