import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '../../src/adapter/provider.ts';
import type { TableMapping } from '../../src/adapter/providers/mapped/mapping.ts';
import { runAsHrUser } from '../../src/adapter/run-as-hr-user.ts';
import { type ClientId, type Guid, getGuid } from '../../src/kernel/ids.ts';
import { silentProbe } from '../../src/kernel/probe.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import type { Model } from '../../src/metadata/table.ts';
import { Differences } from '../../src/odata/fidelity.ts';
import type { Operation } from '../../src/odata/operation.ts';
import type { Condition, Query, Value } from '../../src/odata/query.ts';
import type { OperationResult } from '../../src/odata/result.ts';
import { rowIdOfRecord } from '../../src/odata/row-id.ts';
import { atsClient } from '../hr/hr-world.ts';
import { columnOf, createOf, expandOf, grantOf, queryOf, tableOf, updateOf } from '../hr/operations.ts';
import { openStores } from '../support/open-stores.ts';
import { AdapterWorld } from './adapter-world.ts';

export type Named = Readonly<Record<string, Value>>;

export const skill = 'mshr_hcmskillentity';
export const model = 'mshr_hcmratingmodelentity';
export const level = 'mshr_hcmratinglevelentity';
const pay = 'mshr_hcmjobcompensationentity';
export const location = 'mshr_hcmrecruitingrequestlocationentity';

/** The mappings that the suite's sources have. Text keys of the services' own beside the record ids. */
export const mappings: Readonly<Record<string, TableMapping>> = {
  [skill]: {
    from: 'Skills',
    id: { name: 'RecId', form: 'recordId' },
    columns: { mshr_skill: 'Skill', mshr_description: 'Description', mshr_note: 'Note' },
    key: ['_id'],
  },
  [model]: {
    from: 'RatingModels',
    id: { name: 'RecId', form: 'recordId' },
    columns: { mshr_ratingmodelid: 'RatingModelId' },
    key: ['_id'],
  },
  [level]: {
    from: 'RatingLevels',
    id: { name: 'RecId', form: 'recordId' },
    columns: {
      mshr_ratinglevelid: 'RatingLevelId',
      mshr_ratingmodelid: 'RatingModelId',
      mshr_fk_ratingmodelentity_id: 'RatingModel',
      mshr_factor: 'Factor',
    },
    key: ['_id'],
  },
  [pay]: {
    from: 'JobCompensations',
    id: { name: 'RecId', form: 'recordId' },
    columns: { mshr_jobid: 'JobId', mshr_marketcontrolpay: 'ControlPay' },
    key: ['_id'],
  },
  [location]: {
    from: 'Locations',
    id: { name: 'RecId', form: 'recordId' },
    columns: {
      mshr_recruitingrequestlocationid: 'LocationId',
      mshr_description: 'Description',
      mshr_dataareaid: 'DataAreaId',
    },
    key: ['_id'],
  },
};

/** A source with its rows. */
export interface Harness {
  /** The largest record id that the source itself keeps exactly. */
  readonly large: bigint;
  provider(of: Model, world: AdapterWorld): Provider;
  /** Puts a row there, by nobody's right; `record` is its record id. */
  seed(table: string, record: bigint, row: Named, world: AdapterWorld): Promise<void>;
  close(): Promise<void>;
}

const administrator = getGuid<ClientId>('44444444-4444-4444-8444-444444444444');

/** What every source of rows must do, whatever it is made of. */
export function providerSuite(name: string, open: () => Promise<Harness>): void {
  describe(`rows of ${name}`, () => {
    let world: AdapterWorld;
    let harness: Harness;
    let provider: Provider;
    let large: bigint;

    const table = (of: string) => tableOf(world.model, of);
    const column = (of: string, named: string) => columnOf(table(of), named);
    const idOf = (of: string, record: bigint): Guid => rowIdOfRecord(table(of).entityNumber ?? 0, record);

    beforeAll(async () => {
      const memory = openStores[0];
      if (memory === undefined) throw new Error('no memory store');
      world = await AdapterWorld.open(memory.open);
      harness = await open();
      large = harness.large;
      provider = harness.provider(world.model, world);
      const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
      await world.administer('SystemUsers', {
        UserID: 'Chief',
        UserName: 'Chief',
        Company: 'usmf',
        Enabled: true,
        ...language,
      });
      await world.administer('SecurityUserRoleAssociations', {
        UserId: 'Chief',
        SecurityRoleIdentifier: '-SYSADMIN-',
        SecurityRoleName: 'System administrator',
      });
      await world.administer('SysAADClients', { AADClientId: administrator, Name: 'Chief', UserId: 'Chief' });
      await world.administer('SecurityUserRoleOrganizations', {
        UserId: 'RekrutteringIntegrasjon',
        SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
        OrganizationType: 'LegalEntity',
        OrganizationId: 'usmf',
      });
      const seed = (of: string, record: bigint, row: Named) =>
        harness.seed(of, record, { ...row, [table(of).primaryKey.name]: idOf(of, record) }, world);
      await seed(model, 11n, { mshr_ratingmodelid: 'Stars' });
      await seed(model, large, { mshr_ratingmodelid: 'Points' });
      for (const [index, factor] of [5, 3, null, 8, 3].entries()) {
        const parent = index % 2 === 0 ? 11n : large;
        await seed(level, BigInt(100 + index), {
          mshr_ratinglevelid: `L${index}`,
          mshr_ratingmodelid: parent === 11n ? 'Stars' : 'Points',
          mshr_fk_ratingmodelentity_id: idOf(model, parent),
          mshr_factor: factor,
        });
      }
      await seed(pay, 1n, { mshr_jobid: 'Lead', mshr_marketcontrolpay: '12345678901234.56' });
      await seed(location, 21n, {
        mshr_recruitingrequestlocationid: 'A',
        mshr_description: 'Oslo',
        mshr_dataareaid: 'usmf',
      });
      await seed(location, 22n, {
        mshr_recruitingrequestlocationid: 'B',
        mshr_description: 'Bergen',
        mshr_dataareaid: 'no01',
      });
    });
    afterAll(async () => {
      await harness.close();
      await world.close();
    });

    const run = (operation: Operation, clientId: ClientId = administrator): Promise<OperationResult> =>
      runAsHrUser(
        { hrSecurity: world.security, provider, probe: silentProbe },
        { clientId, appName: 'ATS' },
        grantOf(operation),
        new Differences('extended'),
      );
    const list = async (of: string, more: Partial<Query> = {}, clientId: ClientId = administrator) => {
      const result = await run({ kind: 'retrieveMultiple', query: queryOf(table(of), more), pageNumber: 1 }, clientId);
      if (result.kind !== 'page') throw new Error(result.kind);
      return { ...result.page, shown: result.page.rows.map((row) => JSON.parse(row) as Record<string, unknown>) };
    };
    const read = async (of: string, id: Guid, more: Partial<Query> = {}, clientId: ClientId = administrator) => {
      const result = await run({ kind: 'retrieve', query: queryOf(table(of), more), id }, clientId);
      if (result.kind !== 'row') throw new Error(result.kind);
      return result.row ?? '';
    };
    const refusal = async (operation: Operation, clientId: ClientId = administrator) => {
      const error: unknown = await run(operation, clientId).catch((reason: unknown) => reason);
      if (!(error instanceof Refusal)) throw new Error(`not refused: ${String(error)}`);
      return { status: error.problem.status, code: error.problem.code };
    };
    const levels = (shown: readonly Record<string, unknown>[]) => shown.map((row) => row['mshr_ratinglevelid']);
    const compare = (named: string, op: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le', value: Value): Condition => ({
      kind: 'compare',
      op,
      column: column(level, named),
      value,
    });

    test.each<{ name: string; where: () => Condition; found: string[] }>([
      { name: 'equal', where: () => compare('mshr_factor', 'eq', 3), found: ['L1', 'L4'] },
      { name: 'greater', where: () => compare('mshr_factor', 'gt', 3), found: ['L0', 'L3'] },
      { name: 'at most', where: () => compare('mshr_factor', 'le', 3), found: ['L1', 'L4'] },
      { name: 'absent', where: () => compare('mshr_factor', 'eq', null), found: ['L2'] },
      { name: 'present', where: () => compare('mshr_factor', 'ne', null), found: ['L0', 'L1', 'L3', 'L4'] },
      { name: 'text', where: () => compare('mshr_ratinglevelid', 'eq', 'L3'), found: ['L3'] },
      {
        name: 'a lookup',
        where: () => compare('mshr_fk_ratingmodelentity_id', 'eq', idOf(model, large)),
        found: ['L1', 'L3'],
      },
      {
        name: 'a lookup to a row that no record id leads to',
        where: () => compare('mshr_fk_ratingmodelentity_id', 'eq', '99999999-0000-0000-0000-000000000001'),
        found: [],
      },
      {
        name: 'one of several',
        where: () => ({ kind: 'in', column: column(level, 'mshr_factor'), values: [5, 8] }),
        found: ['L0', 'L3'],
      },
      {
        name: 'none of no values',
        where: () => ({ kind: 'in', column: column(level, 'mshr_factor'), values: [] }),
        found: [],
      },
      {
        name: 'both',
        where: () => ({
          kind: 'and',
          of: [compare('mshr_factor', 'eq', 3), compare('mshr_ratingmodelid', 'eq', 'Points')],
        }),
        found: ['L1'],
      },
      {
        name: 'either',
        where: () => ({ kind: 'or', of: [compare('mshr_factor', 'eq', 8), compare('mshr_factor', 'eq', null)] }),
        found: ['L2', 'L3'],
      },
      { name: 'never', where: () => ({ kind: 'never' }), found: [] },
    ])('a condition: $name', async ({ where, found }) => {
      expect(levels((await list(level, { where: where() })).shown).sort()).toEqual(found);
    });

    test('text with quotes, percent and plus signs is found as it is', async () => {
      const text = "O'Hara & 100% + more / ø";
      const created = await run(createOf(table(skill), { mshr_skill: text }));
      const where: Condition = { kind: 'compare', op: 'eq', column: column(skill, 'mshr_skill'), value: text };
      expect((await list(skill, { where })).shown).toMatchObject([{ mshr_skill: text }]);
      if (created.kind === 'created') await run({ kind: 'delete', table: table(skill), id: created.id });
    });

    test('an order, rows without a value first', async () => {
      const orderBy = [{ column: column(level, 'mshr_factor'), descending: false }];
      expect(levels((await list(level, { orderBy })).shown)).toEqual(['L2', 'L1', 'L4', 'L0', 'L3']);
    });

    test.each([false, true])('pages leave no row out and give none twice (descending: %s)', async (descending) => {
      const orderBy = [{ column: column(level, 'mshr_factor'), descending }];
      const all = levels((await list(level, { orderBy })).shown);
      const seen: unknown[] = [];
      let after: readonly Value[] | undefined;
      do {
        const page = await list(level, { orderBy, limit: 2, after });
        expect(page.shown.length).toBeLessThanOrEqual(2);
        seen.push(...levels(page.shown));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(all);
      expect(new Set(seen).size).toBe(5);
    });

    test('rows are counted, also on a page, up to a limit', async () => {
      expect((await list(level, { countUpTo: 5000, limit: 1 })).count).toBe(5);
      expect(
        await run({
          kind: 'count',
          query: queryOf(table(level), { countUpTo: 5000, limit: 0, where: compare('mshr_factor', 'eq', 3) }),
        }),
      ).toMatchObject({ kind: 'count', count: 2 });
      expect((await list(level, { countUpTo: 3, limit: 1 })).count).toBe(3);
    });

    test('no digit of a decimal or of a record id is lost', async () => {
      expect(await read(pay, idOf(pay, 1n))).toContain('"mshr_marketcontrolpay":12345678901234.56');
      expect(JSON.parse(await read(model, idOf(model, large)))).toMatchObject({ mshr_ratingmodelid: 'Points' });
    });

    test('a lookup leads to its row, and a row to those that point to it', async () => {
      const expand = [expandOf(table(level), 'mshr_FK_RatingModelEntity_id')];
      const { shown } = await list(level, { expand, where: compare('mshr_ratinglevelid', 'eq', 'L1') });
      expect(shown).toMatchObject([{ mshr_FK_RatingModelEntity_id: { mshr_ratingmodelid: 'Points' } }]);
    });

    test('a row that is not there is 404', async () => {
      const operation: Operation = { kind: 'retrieve', query: queryOf(table(level)), id: idOf(level, 999n) };
      expect(await refusal(operation)).toEqual({ status: 404, code: '0x80040217' });
      expect(await refusal({ ...operation, id: getGuid('99999999-1111-4111-8111-000000000001') })).toEqual({
        status: 404,
        code: '0x80040217',
      });
    });

    test('a row is made, changed under its version, and deleted', async () => {
      const created = await run(createOf(table(skill), { mshr_skill: 'Rowing', mshr_description: 'Boats' }));
      if (created.kind !== 'created') throw new Error(created.kind);
      const { id } = created;
      expect(id.startsWith(idOf(skill, 0n).slice(0, 18))).toBe(true);
      const etag = (): Promise<string> => read(skill, id, { etag: true }).then((row) => JSON.parse(row)['@odata.etag']);
      const first = await etag();
      const version = BigInt(/\d+/.exec(first)?.[0] ?? '0');
      const change = (note: string, versions: readonly bigint[]) =>
        updateOf(table(skill), id, { mshr_note: note }, { precondition: { kind: 'match', versions } });
      expect(await refusal(change('late', [version + 1n]))).toEqual({ status: 412, code: '0x80060882' });
      await run(change('on water', [version]));
      expect(JSON.parse(await read(skill, id))).toMatchObject({
        mshr_skill: 'Rowing',
        mshr_description: 'Boats',
        mshr_note: 'on water',
      });
      expect(await etag()).not.toBe(first);
      expect(await refusal(change('late', [version]))).toEqual({ status: 412, code: '0x80060882' });
      await run(updateOf(table(skill), id, { mshr_description: null }));
      expect(JSON.parse(await read(skill, id))).toMatchObject({ mshr_description: null });
      await run({ kind: 'delete', table: table(skill), id });
      expect(await refusal({ kind: 'delete', table: table(skill), id })).toEqual({ status: 404, code: '0x80040217' });
    });

    test('rows of other legal entities are not given, not counted, and not there', async () => {
      const seen = await list(location, { countUpTo: 5000 }, atsClient);
      expect(seen.shown.map((row) => row['mshr_description'])).toEqual(['Oslo']);
      expect(seen.count).toBe(1);
      const hidden: Operation = { kind: 'retrieve', query: queryOf(table(location)), id: idOf(location, 22n) };
      expect(await refusal(hidden, atsClient)).toEqual({ status: 404, code: '0x80040217' });
      expect(JSON.parse(await read(location, idOf(location, 22n)))).toMatchObject({ mshr_description: 'Bergen' });
    });

    test('who may not write is refused before the source is asked', async () => {
      expect(await refusal(createOf(table(skill), { mshr_skill: 'Nope' }), atsClient)).toEqual({
        status: 400,
        code: '0x80040265',
      });
      expect((await list(skill)).shown.map((row) => row['mshr_skill'])).not.toContain('Nope');
    });
  });
}
