import { describe, expect, test } from 'vitest';
import { type ClientId, type Guid, newGuid } from '../../../src/kernel/ids.ts';
import type { Navigation } from '../../../src/metadata/table.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import {
  bind,
  create,
  expand,
  idIn,
  list,
  lookup,
  navigation,
  query,
  remove,
  retrieve,
  rowsIn,
  table,
  update,
} from '../support.ts';

import type { NativeWorld } from './native-world.ts';

export function describeUnits(engine: string, world: NativeWorld): void {
  const { run, refusal, createUser, read } = world;

  describe(`business units on ${engine}`, () => {
    test('come with a default team, and users move between them', async () => {
      const unit = idIn(
        await run(
          create('businessunit', { name: 'Drift' }, [bind('businessunit', 'parentbusinessunitid', world.root)]),
        ),
      );
      const [team] = (await world.environment.rowsOf('team')).filter(({ businessunitid }) => businessunitid === unit);
      expect(team).toMatchObject({ name: 'Drift', isdefault: true, teamtype: 0 });
      const user = await createUser();
      await run(update('systemuser', user, {}, [bind('systemuser', 'businessunitid', unit)]));
      const members = await world.environment.rowsOf('teammembership');
      expect(members.filter(({ systemuserid }) => systemuserid === user)).toMatchObject([{ teamid: team?.['teamid'] }]);
    });

    test.each([
      {
        name: 'one without a parent',
        operation: () => create('businessunit', { name: 'Rot' }),
        problem: { status: 400, code: '0x80048d19' },
      },
      {
        name: 'disabling the root',
        operation: () => update('businessunit', world.root, { isdisabled: true }),
        problem: { status: 400, code: '0x80041d63', message: 'Root Business unit cannot be disabled.' },
      },
      {
        name: 'deleting the root',
        operation: () => remove('businessunit', world.root),
        problem: { status: 400, code: '0x80041d60', message: 'Not disabled business unit cannot be deleted.' },
      },
    ])('$name is refused', async ({ operation, problem }) => {
      expect(await refusal(operation())).toMatchObject(problem);
    });

    test('a user with Local depth sees the own unit only, in lists, expands and by id', async () => {
      const [here, there] = [await world.environment.putUnit('Her'), await world.environment.putUnit('Der')];
      const clerk = await world.environment.userWith(
        {
          prvReadUser: 'local',
          prvReadBusinessUnit: 'local',
          prvWriteUser: 'local',
          prvReparentUser: 'global',
          prvAppendUser: 'local',
          prvAppendToBusinessUnit: 'global',
        },
        here,
      );
      const other = await world.environment.putUser(newGuid<ClientId>(), { businessunitid: there });
      const own = await world.environment.putUser(newGuid<ClientId>(), {
        businessunitid: here,
        parentsystemuserid: other,
      });
      const seen = rowsIn(await run(list('systemuser'), clerk)).map(({ systemuserid }) => systemuserid);
      expect(new Set(seen)).toEqual(new Set([clerk.id, own]));
      expect(await refusal(retrieve('systemuser', other), clerk)).toMatchObject({ status: 404, code: '0x80040217' });
      expect(await refusal(update('systemuser', other, { title: 'x' }), clerk)).toMatchObject({ status: 404 });
      const expanded = list('systemuser', { expand: [expand('systemuser', 'parentsystemuserid')] });
      const rows = rowsIn(await run(expanded, clerk));
      expect(rows.find(({ systemuserid }) => systemuserid === own)?.['parentsystemuserid']).toBeNull();
      const counted = await run({ kind: 'count', query: query('systemuser') }, clerk);
      expect(counted).toEqual({ kind: 'count', count: 2 });
      const through = list('systemuser', {
        where: {
          kind: 'through',
          navigation: navigation('systemuser', 'parentsystemuserid'),
          where: { kind: 'always' },
        },
      });
      expect(rowsIn(await run(through, clerk))).toEqual([]);
      // Moving a row out of reach is refused, and undone.
      const away = update('systemuser', own, {}, [bind('systemuser', 'businessunitid', there)]);
      expect(await refusal(away, clerk)).toMatchObject({ status: 404 });
      expect(await read('systemuser', own, ['businessunitid'])).toMatchObject({ _businessunitid_value: here });
    });

    test('a row cannot be put out of reach of the own Create', async () => {
      const here = await world.environment.putUnit('Egen enhet');
      const clerk = await world.environment.userWith(
        {
          prvCreateTeam: 'local',
          prvAppendTeam: 'local',
          prvReadBusinessUnit: 'global',
          prvAppendToBusinessUnit: 'global',
        },
        here,
      );
      const into = (unit: Guid) => create('team', { name: `T ${unit}` }, [bind('team', 'businessunitid', unit)]);
      expect(await refusal(into(world.root), clerk)).toMatchObject({ status: 403, code: '0x80048306' });
      expect((await world.environment.rowsOf('team')).filter(({ name }) => name === `T ${world.root}`)).toEqual([]);
      await run(into(here), clerk);
    });
  });

  describe(`companies on ${engine}`, () => {
    test('are kept by Human Resources, whatever a role says', async () => {
      const id = await world.environment.put('cdm_company', { cdm_companycode: 'nosf', cdm_name: 'Sør' });
      for (const operation of [
        create('cdm_company', { cdm_companycode: 'nix', cdm_name: 'Nei' }),
        update('cdm_company', id, { cdm_companycode: 'nei' }),
        remove('cdm_company', id),
      ]) {
        expect(await refusal(operation)).toMatchObject({
          status: 405,
          code: '0x8004023b',
          message: 'Companies are legal entities of Human Resources: create, change and delete them there.',
        });
      }
      expect(await read('cdm_company', id, ['cdm_companycode', 'cdm_name'])).toEqual({
        cdm_companyid: id,
        cdm_companycode: 'nosf',
        cdm_name: 'Sør',
      });
    });

    test('do not lead to tables of Human Resources past the second gate', async () => {
      const onward: Navigation = {
        kind: 'collection',
        name: 'candidates',
        table: table('cdm_company'),
        target: table('mshr_hcmcandidatetohireentity'),
        column: lookup('mshr_hcmcandidatetohireentity', 'mshr_dataareaid_id').column,
      };
      const candidates = query('mshr_hcmcandidatetohireentity');
      const leaks: readonly Operation[] = [
        list('cdm_company', { expand: [{ navigation: onward, query: candidates }] }),
        list('cdm_company', { where: { kind: 'through', navigation: onward, where: { kind: 'always' } } }),
        { kind: 'retrieveRelated', id: newGuid(), navigation: onward, query: candidates },
        { kind: 'associate', table: onward.table, id: newGuid(), navigation: onward, targetId: newGuid() },
      ];
      for (const operation of leaks) {
        expect(await refusal(operation)).toMatchObject({ status: 400, code: '0x80044822' });
      }
    });
  });
}
