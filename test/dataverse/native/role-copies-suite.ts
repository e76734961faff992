import { describe, expect, test } from 'vitest';
import { syncBaseRows } from '../../../src/dataverse/base-rows.ts';
import { type ClientId, type Guid, getGuid, newGuid } from '../../../src/kernel/ids.ts';
import { bind, create, idIn, link, message, model, moment, remove, rowsIn, table, update } from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeRoleCopies(engine: string, world: NativeWorld): void {
  const { run, refusal, createRole, createUnit, roleIn, addPrivilege, privilegesOf, grants, related, register } = world;

  const copyOf = async (name: string, unit: Guid): Promise<Guid> =>
    getGuid(String((await roleIn(name, unit))?.['roleid']));
  const userIn = async (unit: Guid): Promise<{ id: Guid; clientId: ClientId }> => {
    const clientId = register();
    const unitBind = bind('systemuser', 'businessunitid', unit);
    return { clientId, id: idIn(await run(create('systemuser', { applicationid: clientId }, [unitBind]))) };
  };
  const give = (user: Guid, role: Guid) => link('associate', 'systemuser', user, 'systemuserroles_association', role);

  describe(`copies of a role on ${engine}`, () => {
    test('are in every unit below, whichever came first', async () => {
      const upper = await createUnit('Kopi øvre');
      const role = await createRole('Kopiert');
      const lower = await createUnit('Kopi nedre', upper);
      const [inUpper, inLower] = [await roleIn('Kopiert', upper), await roleIn('Kopiert', lower)];
      expect(inUpper).toMatchObject({ parentroleid: role, parentrootroleid: role, ismanaged: false, isinherited: 1 });
      expect(inLower).toMatchObject({ parentroleid: inUpper?.['roleid'], parentrootroleid: role });
      expect(new Set([role, inUpper?.['roleid'], inLower?.['roleid']]).size).toBe(3);
      for (const name of ['System Administrator', 'System Customizer', 'Basic User', 'Delegate', 'ATS integration']) {
        expect(await roleIn(name, lower)).toMatchObject({ ismanaged: true, businessunitid: lower });
      }
    });

    test('of a role that was made further down are not above it, nor beside it', async () => {
      const [unit, beside] = [await createUnit('Egen rolle'), await createUnit('Ved siden')];
      const below = await createUnit('Under egen rolle', unit);
      await run(create('role', { name: 'Lokal' }, [bind('role', 'businessunitid', unit)]));
      expect(await roleIn('Lokal', below)).toBeDefined();
      for (const other of [world.root, beside]) expect(await roleIn('Lokal', other)).toBeUndefined();
    });

    test('have the privileges of the root: now, after each change, and as rows', async () => {
      const unit = await createUnit('Rettigheter følger');
      const role = await createRole('Følger');
      const copy = await copyOf('Følger', unit);
      await addPrivilege(role, 'prvReadTeam');
      await addPrivilege(role, 'prvReadRole', 'Local');
      expect(await privilegesOf(copy)).toEqual({ prvReadTeam: 'Global', prvReadRole: 'Local' });
      const later = await copyOf('Følger', await createUnit('Rettigheter følger senere'));
      expect(await privilegesOf(later)).toEqual({ prvReadTeam: 'Global', prvReadRole: 'Local' });
      const { id, clientId } = await userIn(unit);
      await run(give(id, copy));
      const { current } = world.environment.deps.security;
      const slot = current.index.findByName('prvReadTeam') ?? -1;
      expect(current.depthsOf(world.environment.user(clientId))[slot]).toBe(4);
      const shown = rowsIn(await run(related('role', copy, 'roleprivileges_association', ['name'])));
      expect(shown.map(({ name }) => name).sort()).toEqual(['prvReadRole', 'prvReadTeam']);
      await run(message('ReplacePrivilegesRole', { Privileges: [] }, { table: 'role', id: role }));
      expect(await privilegesOf(copy)).toEqual({});
      const after = world.environment.deps.security.current;
      expect(after.depthsOf(world.environment.user(clientId))[slot]).toBe(0);
    });

    test('are renamed with it, and go with it and their assignments', async () => {
      const unit = await createUnit('Navn følger');
      const role = await createRole('Før');
      await run(update('role', role, { name: 'Etter', isinherited: 0 }));
      const copy = await copyOf('Etter', unit);
      expect(await roleIn('Etter', unit)).toMatchObject({ parentrootroleid: role, isinherited: 0 });
      const { id } = await userIn(unit);
      await run(give(id, copy));
      await run(remove('role', role));
      expect(await roleIn('Etter', unit)).toBeUndefined();
      const left = (await world.environment.rowsOf('systemuserroles')).filter(({ roleid }) => roleid === copy);
      expect(left).toEqual([]);
    });

    test.each([
      { name: 'changed', operation: (copy: Guid) => update('role', copy, { name: 'Ny' }) },
      { name: 'deleted', operation: (copy: Guid) => remove('role', copy) },
      { name: 'changed', operation: (copy: Guid) => grants(copy, 'prvReadTeam', 'Global') },
    ])('are not $name by themselves', async ({ name, operation }) => {
      const unit = await createUnit(`Arvet ${newGuid()}`);
      const role = `Arvet ${newGuid()}`;
      await createRole(role);
      expect(await refusal(operation(await copyOf(role, unit)))).toEqual({
        status: 405,
        code: '0x8004023b',
        message: `An inherited role cannot be ${name} here: it is a copy of a role of a business unit above.`,
      });
    });

    test('are what users and teams of their unit are given, and no other', async () => {
      const unit = await createUnit('Riktig kopi');
      const role = await createRole('Riktig');
      const copy = await copyOf('Riktig', unit);
      const { id } = await userIn(unit);
      const inUnit = bind('team', 'businessunitid', unit);
      const team = idIn(await run(create('team', { name: 'Team i enheten' }, [inUnit])));
      const toTeam = (id: Guid) => link('associate', 'team', team, 'teamroles_association', id);
      const problem = (who: string) => ({
        status: 400,
        code: '0x80041409',
        message: `The role belongs to another business unit than the ${who}.`,
      });
      expect(await refusal(give(id, role))).toEqual(problem('user'));
      expect(await refusal(link('associate', 'role', role, 'systemuserroles_association', id))).toEqual(
        problem('user'),
      );
      expect(await refusal(toTeam(role))).toEqual(problem('team'));
      await run(give(id, copy));
      await run(toTeam(copy));
    });

    test('of System Administrator are full power too', async () => {
      const unit = await createUnit('Administrert');
      const { id, clientId } = await userIn(unit);
      await run(give(id, await copyOf('System Administrator', unit)));
      expect(world.environment.user(clientId).isSystemAdministrator).toBe(true);
      await run(
        link(
          'disassociate',
          'systemuser',
          id,
          'systemuserroles_association',
          await copyOf('System Administrator', unit),
        ),
      );
    });

    test('cannot come into a unit that has a role of that name', async () => {
      const unit = await createUnit('Har navnet');
      await run(create('role', { name: 'Samme navn' }, [bind('role', 'businessunitid', unit)]));
      const operation = create('role', { name: 'Samme navn' }, [world.inRoot('role')]);
      expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80041403' });
      expect(await roleIn('Samme navn', world.root)).toBeUndefined();
    });

    test('are made up for in environments that were made before there were any', async () => {
      const unit = await world.environment.putUnit('Eldre enhet');
      const below = await world.environment.putUnit('Under eldre enhet', unit);
      const role = table('role');
      await world.environment.store.maintain(async (rows) => {
        const delegates = await rows.list(
          role,
          { kind: 'compare', op: 'eq', column: role.primaryName, value: 'Delegate' },
          1000,
        );
        for (const { id } of delegates) await rows.delete(role, id);
        await rows.delete(table('roletemplate'), getGuid('3c2f4f43-6b0e-4c1c-a3d5-8e0f6f9f2b61'));
        await syncBaseRows(rows, model, moment);
        await syncBaseRows(rows, model, moment);
      });
      await world.environment.deps.security.refresh();
      for (const each of [unit, below]) {
        expect(await roleIn('System Administrator', each)).toBeDefined();
        expect(await privilegesOf(await copyOf('Delegate', each))).toEqual({ prvActOnBehalfOfAnotherUser: 'Global' });
      }
    });
  });

  describe(`the ready-made role for an integration on ${engine}`, () => {
    test("gives six rights on exactly the source document's forty tables", async () => {
      const held = await privilegesOf(await copyOf('ATS integration', world.root));
      const forty = model.tables.filter(({ sourceDocumentOrder }) => sourceDocumentOrder !== undefined);
      expect(forty).toHaveLength(40);
      const wanted = forty.flatMap(({ logicalName, privilegeSuffix }) =>
        ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo'].map(
          (right) => `prv${right}${privilegeSuffix ?? logicalName}`,
        ),
      );
      expect(Object.keys(held).sort()).toEqual(wanted.sort());
      expect(new Set(Object.values(held))).toEqual(new Set(['Global']));
    });
  });
}
