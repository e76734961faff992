import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { Differences } from '../../src/odata/fidelity.ts';
import { parseOperation } from '../../src/odata/parse-operation.ts';
import type { Query } from '../../src/odata/query.ts';
import { rewriteRow, withLookupNames } from '../../src/webapi/annotations.ts';

import { someAsking } from '../odata/parse-request.ts';

const model = builtInModel();
const apiRoot = 'https://x/api/data/v9.2/';
const everything = (): boolean => true;
const ownerTable = (): undefined => undefined;
const minimal = { metadata: 'minimal', numbersAsText: false } as const;

function queryOf(query: string): Query {
  const { operation } = parseOperation({
    model,
    method: 'GET',
    path: 'mshr_hcmrecruitingrequestentities',
    query,
    headers: {},
    body: Buffer.alloc(0),
    apiRoot,
    differences: new Differences('extended'),
    asking: someAsking(),
  });
  if (operation.kind !== 'retrieveMultiple') throw new Error(operation.kind);
  return withLookupNames(operation.query, everything);
}

const rewrite = (
  query: string,
  row: object,
  answer: { metadata: 'minimal' | 'full' | 'none'; numbersAsText: boolean } = minimal,
) => rewriteRow({ model, apiRoot, ownerTable, wants: everything, answer }, queryOf(query), JSON.stringify(row));

const formatted = '@OData.Community.Display.V1.FormattedValue';

describe('a row with annotations', () => {
  test('has labels, numbers and dates in words, each in front of its property', () => {
    const row = {
      mshr_status: 200000005,
      mshr_compensationlowthreshold: 702000.5,
      mshr_estimatedstartdate: '2027-04-14T00:00:00Z',
    };
    const text = rewrite(`$select=${Object.keys(row).join(',')}`, row);
    expect(Object.entries(JSON.parse(text) as object)).toEqual([
      [`mshr_status${formatted}`, 'Active'],
      ['mshr_status', 200000005],
      [`mshr_compensationlowthreshold${formatted}`, '702,000.50'],
      ['mshr_compensationlowthreshold', 702000.5],
      [`mshr_estimatedstartdate${formatted}`, '4/14/27'],
      ['mshr_estimatedstartdate', '2027-04-14T00:00:00Z'],
    ]);
  });

  test('has the name of a lookup, and not the row that it was taken from', () => {
    const row = {
      _mshr_fk_job_id_value: 'an-id',
      mshr_FK_Job_id: { mshr_hcmjobentityid: 'an-id', mshr_jobid: 'Bartender' },
    };
    expect(JSON.parse(rewrite('$select=_mshr_fk_job_id_value', row))).toEqual({
      [`_mshr_fk_job_id_value${formatted}`]: 'Bartender',
      '_mshr_fk_job_id_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'mshr_FK_Job_id',
      '_mshr_fk_job_id_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'mshr_hcmjobentity',
      _mshr_fk_job_id_value: 'an-id',
    });
  });

  test('keeps the name of a lookup that is expanded without it', () => {
    const query = '$select=_mshr_fk_job_id_value&$expand=mshr_FK_Job_id($select=mshr_description)';
    const [expand] = queryOf(query).expand;
    expect(expand?.query.columns.map((column) => column.name)).toEqual(['mshr_description', 'mshr_jobid']);
    const job = { mshr_hcmjobentityid: 'an-id', mshr_description: 'Bak baren', mshr_jobid: 'Bartender' };
    const text = rewrite(query, { _mshr_fk_job_id_value: 'an-id', mshr_FK_Job_id: job });
    expect(JSON.parse(text)).toMatchObject({
      [`_mshr_fk_job_id_value${formatted}`]: 'Bartender',
      mshr_FK_Job_id: { mshr_hcmjobentityid: 'an-id', mshr_description: 'Bak baren' },
    });
    expect(text).not.toContain('"mshr_jobid"');
  });

  test('says nothing of what is null', () => {
    expect(rewrite('$select=mshr_status', { mshr_status: null })).toBe('{"mshr_status":null}');
  });

  test('without metadata has no control information but links and counts', () => {
    const row = { '@odata.etag': 'W/"1"', mshr_status: 200000005, 'x@odata.nextLink': 'y' };
    const quiet = {
      model,
      apiRoot,
      ownerTable,
      wants: () => false,
      answer: { metadata: 'none', numbersAsText: false },
    } as const;
    expect(JSON.parse(rewriteRow(quiet, queryOf('$select=mshr_status'), JSON.stringify(row)))).toEqual({
      mshr_status: 200000005,
      'x@odata.nextLink': 'y',
    });
  });

  test('with full metadata says its type and address; numbers beyond a double may come as text', () => {
    const row = { mshr_hcmrecruitingrequestentityid: 'an-id', mshr_compensationlowthreshold: 1.5 };
    const format = {
      model,
      apiRoot,
      ownerTable,
      wants: () => false,
      answer: { metadata: 'full', numbersAsText: true },
    } as const;
    const text = rewriteRow(format, queryOf('$select=mshr_compensationlowthreshold'), JSON.stringify(row));
    expect(JSON.parse(text)).toEqual({
      '@odata.type': '#Microsoft.Dynamics.CRM.mshr_hcmrecruitingrequestentity',
      '@odata.id': `${apiRoot}mshr_hcmrecruitingrequestentities(an-id)`,
      '@odata.editLink': 'mshr_hcmrecruitingrequestentities(an-id)',
      mshr_hcmrecruitingrequestentityid: 'an-id',
      mshr_compensationlowthreshold: '1.5',
    });
  });
});
