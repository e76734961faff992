import { expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { sensitiveColumnsOf } from '../../src/webapi/sensitive-columns.ts';
import { candidates, parse, requests, rowId } from '../odata/parse-request.ts';

const birthDate = 'mshr_hcmcandidatetohireentity.mshr_birthdate';
const number = 'mshr_hcmpersonidentificationnumberentity.mshr_identificationnumber';

test.each([
  ['a column that is shown', `${candidates}(${rowId})?$select=mshr_birthdate`, birthDate],
  ['all columns', `${candidates}?$top=1`, birthDate],
  ['a filter', `${candidates}?$select=mshr_candidateid&$filter=mshr_birthdate gt 1990-01-01T00:00:00Z`, birthDate],
  ['an order', `${candidates}?$select=mshr_candidateid&$orderby=mshr_birthdate`, birthDate],
  [
    'related rows',
    'mshr_dirpersonentities?$select=mshr_partynumber&$expand=mshr_FK_HcmPersonIdentificationNumberEntity_Person($select=mshr_identificationnumber)',
    number,
  ],
  ['nothing of the kind', `${candidates}?$select=mshr_candidateid`, ''],
  ['another table', `${requests}?$top=1`, ''],
])('%s', (_, url, expected) => {
  expect(sensitiveColumnsOf(parse(`GET ${url}`).operation)).toBe(expected);
});

test('the model names the columns that are sensitive', () => {
  const names = builtInModel().tables.flatMap((table) =>
    table.columns.filter(({ sensitive }) => sensitive === true).map(({ name }) => `${table.entityName} ${name}`),
  );
  expect(names).toEqual(
    expect.arrayContaining([
      'HcmPersonIdentificationNumberEntity mshr_identificationnumber',
      'DirPersonEntity mshr_birthday',
      'DirPersonEntity mshr_birthmonth',
      'DirPersonEntity mshr_birthyear',
      'HcmCandidateToHireEntity mshr_birthdate',
      'HcmWorkerEntity mshr_birthdate',
      'HcmWorkerBaseEntity mshr_birthdate',
    ]),
  );
});
