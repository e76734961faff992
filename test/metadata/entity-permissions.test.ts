import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { entityPrivileges, recruitingPrivileges } from '../../src/metadata/entity-permissions.ts';

const model = builtInModel();
const all = entityPrivileges(model);
const recruiting = recruitingPrivileges(model);
const levelsOf = (identifier: string) => all.find((privilege) => privilege.identifier === identifier)?.levels;

describe('privileges of data entities', () => {
  test('every virtual table can be viewed and maintained', () => {
    for (const table of model.tables.filter((each) => each.kind === 'virtual')) {
      expect(levelsOf(`${table.entityName}View`)).toEqual(['Read']);
      expect(levelsOf(`${table.entityName}Maintain`)).toEqual(['Read', 'Update', 'Create', 'Correct', 'Delete']);
    }
  });

  test('other tables are no data entities', () => {
    expect(all.every(({ table }) => table.kind === 'virtual')).toBe(true);
  });

  test('identifiers are there once and name the securable object without its prefix', () => {
    expect(new Set(all.map(({ identifier }) => identifier)).size).toBe(all.length);
    const person = all.find(({ identifier }) => identifier === 'DirPersonEntityView');
    expect([person?.securableName, person?.integrationMode]).toEqual(['dirpersonentity', 'DataServices']);
  });
});

describe('what recruiting is granted', () => {
  test.each([
    ['HcmRecruitingRequestEntity', 'HcmRecruitingRequestEntityUpdate', ['Read', 'Update']],
    ['HcmRecruitingRequestPositionEntity', 'HcmRecruitingRequestPositionEntityUpdate', ['Read', 'Update']],
    ['HcmRecruitingRequestSkillEntity', 'HcmRecruitingRequestSkillEntityView', ['Read']],
    ['HcmCandidateToHireEntity', 'HcmCandidateToHireEntityMaintain', ['Read', 'Update', 'Create', 'Correct', 'Delete']],
    ['HcmPersonIdentificationNumberEntity', 'HcmPersonIdentificationNumberEntityCreate', ['Read', 'Update', 'Create']],
    ['HcmWorkerEntity', 'HcmWorkerEntityView', ['Read']],
  ])('%s by %s', (entityName, identifier, levels) => {
    const granted = recruiting.filter(({ table }) => table.entityName === entityName);
    expect(granted.map((privilege) => [privilege.identifier, privilege.levels])).toEqual([[identifier, levels]]);
  });

  test('the 39 virtual tables of the list and nothing else', () => {
    expect(recruiting).toHaveLength(39);
    expect(recruiting.every(({ table }) => table.sourceDocumentOrder !== undefined)).toBe(true);
  });

  test('all of it is among the privileges that exist', () => {
    const known = new Set(all.map(({ identifier }) => identifier));
    expect(recruiting.every(({ identifier }) => known.has(identifier))).toBe(true);
  });
});
