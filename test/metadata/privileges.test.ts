import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { linkModel } from '../../src/metadata/model.ts';
import {
  miscellaneousPrivileges,
  privilegeIdOf,
  readableByEveryone,
  tablePrivileges,
} from '../../src/metadata/privileges.ts';
import type { TableDefinition } from '../../src/metadata/table.ts';

const model = builtInModel();
const privileges = tablePrivileges(model);
const of = (table: string) => privileges.filter((privilege) => privilege.table.logicalName === table);

describe('table privileges', () => {
  test('a virtual table has six, at organization depth only', () => {
    const found = of('mshr_hcmrecruitingrequestentity');
    expect(found.map(({ name, accessRightValue }) => [name, accessRightValue])).toEqual([
      ['prvCreatemshr_hcmrecruitingrequestentity', 32],
      ['prvReadmshr_hcmrecruitingrequestentity', 1],
      ['prvWritemshr_hcmrecruitingrequestentity', 2],
      ['prvDeletemshr_hcmrecruitingrequestentity', 65536],
      ['prvAppendmshr_hcmrecruitingrequestentity', 4],
      ['prvAppendTomshr_hcmrecruitingrequestentity', 16],
    ]);
    for (const { depths } of found) expect(depths).toEqual(['global']);
  });

  test('every virtual table has a privilege to be read, also the one outside recruiting', () => {
    for (const table of model.tables.filter((each) => each.kind === 'virtual')) {
      expect(of(table.logicalName).some(({ accessRight }) => accessRight === 'read')).toBe(true);
    }
    expect(of('mserp_payintv1bankaccountdisbursemententity')).toHaveLength(6);
  });

  test('a table whose rows users own has eight, at every depth', () => {
    const account: TableDefinition = {
      logicalName: 'account',
      schemaName: 'Account',
      entitySetName: 'accounts',
      label: 'Account',
      kind: 'native',
      ownership: 'user',
      objectTypeCode: 1,
      purpose: 'Rows that users own.',
      primaryKey: 'accountid',
      primaryName: 'accountid',
      naturalKey: [],
      columns: [{ name: 'accountid', label: 'Account', type: 'Guid', access: 'read-only' }],
    };
    const owned = tablePrivileges(linkModel([account], []));
    expect(owned.map(({ name }) => name)).toContain('prvShareaccount');
    expect(owned.map(({ name }) => name)).toContain('prvAssignaccount');
    expect(owned).toHaveLength(8);
    for (const { depths } of owned) expect(depths).toEqual(['basic', 'local', 'deep', 'global']);
  });

  test.each([
    ['systemuser', 'prvReadUser'],
    ['role', 'prvReadRole'],
    ['businessunit', 'prvReadBusinessUnit'],
    ['team', 'prvReadTeam'],
    ['cdm_company', 'prvReadcdm_Company'],
  ])('%s is read with %s', (table, name) => {
    expect(of(table).find(({ accessRight }) => accessRight === 'read')?.name).toBe(name);
  });

  test('privileges themselves need none to be read, intersects have none', () => {
    expect(readableByEveryone).toContain('privilege');
    expect([...of('privilege'), ...of('systemuserroles')].map(({ name }) => name)).toEqual([]);
  });
});

describe('privilege ids', () => {
  test('tell all privileges apart', () => {
    const all = [...privileges, ...miscellaneousPrivileges];
    expect(new Set(all.map(({ privilegeId }) => privilegeId)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name.toLowerCase())).size).toBe(all.length);
  });

  test('do not depend on case, and stay the same', () => {
    expect(privilegeIdOf('PRVREADUSER')).toBe(privilegeIdOf('prvReadUser'));
    expect(privilegeIdOf('prvReadUser')).toMatchInlineSnapshot(`"df94a8c6-3850-5eab-83fe-454d8f14b278"`);
  });

  test.each(['prvActOnBehalfOfAnotherUser', 'prvReadEntity', 'prvReadOptionSet', 'prvAssignRole', 'prvDisableUser'])(
    '%s is a miscellaneous privilege',
    (name) => {
      const found = miscellaneousPrivileges.find((privilege) => privilege.name === name);
      expect(found).toMatchObject({ accessRightValue: 0, depths: ['global'] });
    },
  );
});
