import { describe, expect, test } from 'vitest';
import { builtInChoices, builtInModel, builtInTables, recruitingTables } from '../../src/metadata/built-in.ts';
import { humanResourcesChoices } from '../../src/metadata/choices.ts';
import type { Column, Table } from '../../src/metadata/table.ts';

// Linked tables lead to each other in circles: compare them with `===`, never with `toEqual`.
const model = builtInModel();
const columns: readonly Column[] = model.tables.flatMap((table) => table.columns);
const get = (logicalName: string): Table => {
  const table = model.table.get(logicalName);
  if (table === undefined) throw new Error(`no table ${logicalName}`);
  return table;
};

describe('the forty tables of the source document', () => {
  test('are all there, in the order of its list', () => {
    expect(recruitingTables.map((table) => table.sourceDocumentOrder)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    expect(recruitingTables.filter((table) => table.kind === 'virtual')).toHaveLength(39);
    expect(recruitingTables.find((table) => table.kind === 'native')?.logicalName).toBe('cdm_company');
  });

  test('have the documented numbers of columns, lookups and choices', () => {
    const all = recruitingTables.flatMap((table) => table.columns);
    expect(all).toHaveLength(610);
    expect(all.filter((column) => column.type === 'Lookup')).toHaveLength(66);
    expect(humanResourcesChoices).toHaveLength(20);
  });

  test('have both names, a purpose and an access for recruiting', () => {
    for (const table of recruitingTables) {
      expect(table.labelNb, table.logicalName).toBeTruthy();
      expect(table.purpose, table.logicalName).toBeTruthy();
      expect(table.recruitingAccess, table.logicalName).toBeDefined();
    }
  });

  test('keep the rows of six tables apart by legal entity', () => {
    const perCompany = model.tables.filter((table) => table.company?.name === 'mshr_dataareaid');
    expect(perCompany.map((table) => table.entityName).sort()).toEqual([
      'HcmCandidateToHireEntity',
      'HcmRecruitingRequestEducationEntity',
      'HcmRecruitingRequestEntity',
      'HcmRecruitingRequestLocationEntity',
      'HcmRecruitingRequestPositionEntity',
      'HcmRecruitingRequestSkillEntity',
    ]);
  });
});

describe('names', () => {
  test('of virtual tables follow the rules of the product', () => {
    for (const table of model.tables.filter((each) => each.kind === 'virtual')) {
      expect(table.logicalName).toBe(table.schemaName.toLowerCase());
      expect(table.entitySetName).toBe(table.logicalName.replace(/y$/, 'ies'));
      expect(table.primaryKey.name).toBe(`${table.logicalName}id`);
      expect(table.schemaName.endsWith(table.entityName ?? '?')).toBe(true);
    }
  });

  test('of lookups follow the rules of the product', () => {
    for (const column of columns.filter((each) => each.name.startsWith('mshr_fk_'))) {
      expect(column.property).toBe(`_${column.name}_value`);
      expect(column.lookup?.navigation.toLowerCase()).toBe(column.name);
    }
  });

  test.each([
    ['entity set', [...model.entitySet.keys()]],
    ['choice', builtInChoices.map((choice) => choice.name)],
    ['entity number', model.tables.flatMap((table) => table.entityNumber ?? [])],
  ])('of every %s is there once', (_, names) => {
    expect(new Set<string | number>(names).size).toBe(names.length);
  });

  test('the recruiting request has the entity number of the published row ids', () => {
    expect(get('mshr_hcmrecruitingrequestentity').entityNumber).toBe(0x0d6b);
  });
});

describe('navigation', () => {
  test('every lookup leads to its table, and the collection leads back by the same column', () => {
    for (const column of columns.filter((each) => each.lookup !== undefined)) {
      const single = column.table.navigation.get(column.lookup?.navigation ?? '');
      expect(single?.kind === 'single' && single.column === column, column.property).toBe(true);
      expect(single?.target === get(column.lookup?.target ?? ''), column.property).toBe(true);
      if (column.lookup?.inverse === undefined) continue;
      const back = single?.target.navigation.get(column.lookup.inverse);
      expect(back?.kind === 'collection' && back.column === column, column.lookup.inverse).toBe(true);
      expect(back?.target === column.table, column.lookup.inverse).toBe(true);
    }
  });

  test('only lookups to the company have no way back', () => {
    const oneWay = columns.filter((column) => column.lookup !== undefined && column.lookup.inverse === undefined);
    expect(new Set(oneWay.map((column) => column.name))).toEqual(new Set(['mshr_dataareaid_id']));
    expect(get('cdm_company').navigation.size).toBe(0);
  });

  test.each([
    ['systemuser', 'systemuserroles_association', 'role', 'systemuserid', 'roleid'],
    ['role', 'systemuserroles_association', 'systemuser', 'roleid', 'systemuserid'],
    ['role', 'roleprivileges_association', 'privilege', 'roleid', 'privilegeid'],
    ['privilege', 'roleprivileges_association', 'role', 'privilegeid', 'roleid'],
    ['team', 'teamroles_association', 'role', 'teamid', 'roleid'],
    ['team', 'teammembership_association', 'systemuser', 'teamid', 'systemuserid'],
    ['systemuser', 'teammembership_association', 'team', 'systemuserid', 'teamid'],
  ])('%s reaches by %s the table %s', (from, name, to, own, other) => {
    const navigation = get(from).navigation.get(name);
    if (navigation?.kind !== 'manyToMany') throw new Error(`${name} is not many-to-many`);
    const { target, ownColumn, targetColumn } = navigation;
    expect([target.logicalName, ownColumn.name, targetColumn.name]).toEqual([to, own, other]);
  });

  test.each([
    ['mshr_hcmrecruitingrequestentity', 'mshr_FK_HcmRecruitingRequestPositionEntity_RecruitingRequest'],
    ['mshr_hcmrecruitingrequestentity', 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest'],
    ['mshr_hcmrecruitingrequestentity', 'mshr_FK_HcmRecruitingRequestEducationEntity_RecruitingRequest'],
    ['mshr_dirpersonentity', 'mshr_FK_HcmPersonSkillEntity_Person'],
    ['mshr_dirpersonentity', 'mshr_FK_HcmPersonEducationEntity_Person'],
    ['mshr_hcmcandidatetohireentity', 'mshr_FK_Person_id'],
  ])('%s has %s, which published samples use', (table, name) => {
    expect(get(table).navigation.has(name)).toBe(true);
  });

  test('a rating level is selected by model and level together', () => {
    expect(get('mshr_hcmpersonskillentity').column.get('mshr_fk_ratinglevel_id')?.lookup?.resolvedFrom).toEqual({
      mshr_ratingid: 'mshr_ratingmodelid',
      mshr_levelid: 'mshr_ratinglevelid',
    });
  });
});

describe('surfaces', () => {
  test('intersects and administration tables are not entity sets of the Web API', () => {
    expect(model.entitySet.has('roleprivilegescollection')).toBe(false);
    expect(model.entitySet.has('SystemUsers')).toBe(false);
    expect(model.entitySet.get('systemusers') === get('systemuser')).toBe(true);
  });

  test('the administration has eighteen sets whose row id is hidden', () => {
    expect(model.administrationSet.size).toBe(18);
    for (const table of model.administrationSet.values()) {
      expect(table.primaryKey.hidden, table.logicalName).toBe(true);
      expect(table.property.has(table.primaryKey.property), table.logicalName).toBe(false);
      expect(table.naturalKey.length, table.logicalName).toBeGreaterThan(0);
    }
  });

  test('the payroll table is outside recruiting and read-only', () => {
    const payroll = model.entitySet.get('mserp_payintv1bankaccountdisbursemententities');
    expect(payroll?.recruitingAccess).toBe('none');
    expect(payroll?.columns.every((column) => column.access === 'read-only')).toBe(true);
  });
});

describe('columns', () => {
  test.each([
    ['mshr_hcmrecruitingrequestentity', 'mshr_comments', 1_048_576, 0],
    ['mshr_hcmrecruitingrequestentity', 'mshr_dataareaid', 4, 0],
    ['mshr_hcmrecruitingrequestentity', 'mshr_description', 255, 0],
    ['mshr_hcmrecruitingrequestentity', 'mshr_compensationlowthreshold', 0, 6],
    ['mshr_hcmrecruitingrequestentity', 'mshr_status', 0, 0],
  ])('%s.%s has the length %d and the scale %d', (table, name, maxLength, scale) => {
    const column = get(table).column.get(name);
    expect([column?.maxLength, column?.scale]).toEqual([maxLength, scale]);
  });

  test('a primary field is made of columns of its own table', () => {
    const made = model.tables.filter((table) => table.primaryNameFrom.length > 0);
    expect(made).toHaveLength(15);
    for (const table of made) expect(table.primaryName.name).toBe('mshr_primaryfield');
    expect(get('mshr_hcmpersonskillentity').primaryNameFrom.map((column) => column.name)).toEqual([
      'mshr_partynumber',
      'mshr_leveltype',
      'mshr_skillid',
      'mshr_leveldate',
    ]);
  });

  test('ids that the system gives have a number sequence', () => {
    expect(get('mshr_hcmrecruitingrequestentity').column.get('mshr_recruitingrequestid')?.sequence).toEqual({
      prefix: 'company',
      digits: 6,
    });
    const given = columns.filter((column) => column.systemGenerated && column.type === 'String');
    const without = given.filter((column) => column.table.kind === 'virtual' && column.sequence === undefined);
    expect(without.map((column) => column.name)).toEqual([]);
  });

  test('a create is refused only for values that the caller may give', () => {
    const demanded = columns.filter((column) => column.requiredOnCreate === true);
    const impossible = demanded.filter((column) => column.access === 'read-only' || column.default !== undefined);
    expect(impossible.map((column) => column.name)).toEqual([]);
  });

  test('tables stand in the model in the order in which they are listed', () => {
    expect(model.tables.map((table) => table.logicalName)).toEqual(builtInTables.map((table) => table.logicalName));
  });
});
