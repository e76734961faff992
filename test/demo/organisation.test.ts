import { beforeAll, describe, expect, test } from 'vitest';
import * as choiceValues from '../../src/demo/choice-values.ts';
import { disbursementRows } from '../../src/demo/disbursements.ts';
import { type DemoOptions, demoOrganisation, demoVolumes } from '../../src/demo/organisation.ts';
import { runStages } from '../../src/demo/run-stages.ts';
import { DemoService } from './demo-service.ts';

const today = new Date('2026-02-03T11:22:33Z');

async function setUp(options: DemoOptions, unrest?: number): Promise<DemoService> {
  const service = new DemoService(unrest);
  await runStages(service, demoOrganisation(options), () => service.beginStage());
  return service;
}

describe('the demo organisation', () => {
  let service: DemoService;
  const values = (table: string, column: string): unknown[] => service.rows(table).map((row) => row.get(column));

  beforeAll(async () => {
    service = await setUp({ today });
  });

  test.each([
    ['legalentity', 3],
    ['cdm_company', 3],
    ['mshr_hcmjobentity', 60],
    ['mshr_hcmtitleentity', 60],
    ['mshr_hcmjobcompensationentity', 120],
    ['mshr_hcmpositionv2entity', 400],
    ['mshr_hcmworkerentity', 300],
    ['mshr_hcmworkerbaseentity', 300],
    ['mshr_hcmrecruitingrequestentity', 120],
    ['mshr_hcmcandidatetohireentity', 12],
    ['mshr_hcmratinglevelentity', 5],
    ['mshr_hcmrecruitingrequestlocationentity', 9],
  ])('%s has %i rows', (table, count) => {
    expect(service.model.table.has(table)).toBe(true);
    expect(service.rows(table)).toHaveLength(count);
  });

  test('every table of recruiting has rows', () => {
    const empty = service.model.tables
      .filter(({ sourceDocumentOrder }) => sourceDocumentOrder !== undefined)
      .map(({ logicalName }) => logicalName)
      .filter((table) => service.rows(table).length === 0);
    // An identity number or a screening is made by tests that need one: both are sensitive.
    expect(empty.sort()).toEqual(['mshr_hcmpersonidentificationnumberentity', 'mshr_hcmpersonscreeningentity']);
  });

  test.each([
    ['legalentity', 'LegalEntityId', 'usmf'],
    ['mshr_hcmskillentity', 'mshr_skill', 'CustFocus'],
    ['mshr_hcmskillentity', 'mshr_skill', 'CashFlow'],
    ['mshr_hcmratingmodelentity', 'mshr_ratingmodelid', 'Skills'],
    ['mshr_hcmratinglevelentity', 'mshr_ratinglevelid', '4'],
    ['mshr_hcmeducationlevelentity', 'mshr_educationlevelid', 'Bachelor'],
    ['mshr_hcmeducationdegreeentity', 'mshr_levelofeducation', 'Bachelor'],
    ['mshr_hcmeducationdisciplineentity', 'mshr_educationdiscipline', 'Business Mgmt'],
    ['mshr_hcmeducationinstitutionentity', 'mshr_institution', 'Cottonwood Univ'],
    ['mshr_hcmjobentity', 'mshr_jobid', 'Project Manager'],
    ['mshr_hcmpositionv2entity', 'mshr_positionid', '000426'],
  ])('%s holds the vendor sample %s %s', (table, column, value) => {
    expect(values(table, column)).toContain(value);
  });

  test('the first request is the vendor sample: Active, of usmf, with position, skills and education', () => {
    const [request] = service.rows('mshr_hcmrecruitingrequestentity');
    expect(request?.get('mshr_recruitingrequestid')).toBe('USMF-000001');
    expect(request?.get('mshr_status')).toBe(choiceValues.requestStatus.Active);
    expect(request?.get('mshr_dataareaid')).toBe('usmf');
    expect(request?.get('mshr_jobid')).toBe('Project Manager');
    const children = (table: string, column: string): unknown[] =>
      service
        .rows(table)
        .filter((row) => row.get('mshr_recruitingrequestid') === 'USMF-000001')
        .map((row) => row.get(column));
    expect(children('mshr_hcmrecruitingrequestpositionentity', 'mshr_positionid')).toContain('000426');
    expect(children('mshr_hcmrecruitingrequestskillentity', 'mshr_skillid')).toEqual(['CustFocus', 'CashFlow']);
    expect(children('mshr_hcmrecruitingrequestskillentity', 'mshr_ratinglevelid')).toContain('4');
    expect(children('mshr_hcmrecruitingrequesteducationentity', 'mshr_educationlevelid')).toEqual(['Bachelor']);
    expect(children('mshr_hcmrecruitingrequesteducationentity', 'mshr_educationdisciplineid')).toEqual([
      'Business Mgmt',
    ]);
  });

  test('requests have every status, and each company has Active ones', () => {
    const requests = service.rows('mshr_hcmrecruitingrequestentity');
    expect(new Set(values('mshr_hcmrecruitingrequestentity', 'mshr_status'))).toEqual(
      new Set(Object.values(choiceValues.requestStatus)),
    );
    const active = requests.filter((row) => row.get('mshr_status') === choiceValues.requestStatus.Active);
    expect(new Set(active.map((row) => row.get('mshr_dataareaid')))).toEqual(new Set(['usmf', 'no01', 'no02']));
  });

  test.each([
    ['mshr_hcmrecruitingrequestpositionentity', 1, 3],
    ['mshr_hcmrecruitingrequestskillentity', 1, 3],
    ['mshr_hcmrecruitingrequesteducationentity', 0, 2],
  ])('a request has from %s between %i and %i rows', (table, low, high) => {
    const counts = new Map(values('mshr_hcmrecruitingrequestentity', 'mshr_recruitingrequestid').map((id) => [id, 0]));
    for (const id of values(table, 'mshr_recruitingrequestid')) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect([Math.min(...counts.values()), Math.max(...counts.values())]).toEqual([low, high]);
  });

  test('requests that are open start after today, finished ones before', () => {
    for (const row of service.rows('mshr_hcmrecruitingrequestentity')) {
      const { Canceled, Denied, Closed } = choiceValues.requestStatus;
      const isDone = [Canceled, Denied, Closed].some((status) => status === row.get('mshr_status'));
      expect(Date.parse(String(row.get('mshr_estimatedstartdate'))) < today.getTime()).toBe(isDone);
    }
  });

  test('worker and base worker are the same person', () => {
    const people = (table: string): unknown[] =>
      service.rows(table).map((row) => [row.get('mshr_personnelnumber'), row.get('mshr_partynumber')]);
    expect(people('mshr_hcmworkerentity').sort()).toEqual(people('mshr_hcmworkerbaseentity').sort());
    expect(new Set(values('mshr_hcmworkerentity', 'mshr_partynumber')).size).toBe(300);
  });

  test('candidates have each result, and a reason only with Not hired', () => {
    const candidates = service.rows('mshr_hcmcandidatetohireentity');
    const { Notprocessed, Hired, Nothired } = choiceValues.applicantResult;
    expect(new Set(candidates.map((row) => row.get('mshr_applicantintegrationresult')))).toEqual(
      new Set([Notprocessed, Hired, Nothired]),
    );
    for (const row of candidates) {
      const isRefused = row.get('mshr_applicantintegrationresult') === Nothired;
      expect(row.get('mshr_donothirereasoncodeid') !== undefined).toBe(isRefused);
    }
  });

  test('names have æ, ø and å, and no two people share one', () => {
    const names = service
      .rows('mshr_dirpersonentity')
      .map((row) => `${row.get('mshr_firstname')} ${row.get('mshr_lastname')}`);
    expect(new Set(names).size).toBe(names.length);
    for (const letter of 'æøåÅØ') expect(names.join(' ')).toContain(letter);
  });

  test('mail addresses are plain letters in a domain that nobody can own', () => {
    for (const address of values('mshr_hcmworkerentity', 'mshr_primarycontactemail')) {
      expect(address).toMatch(/^[a-z]+\.[a-z]+@nordlys\.example$/);
    }
  });
});

describe('demoOrganisation', () => {
  const listed = (options: DemoOptions): string =>
    JSON.stringify(demoOrganisation(options), (_, value) => (typeof value === 'function' ? String(value) : value));

  test('the same options give the same calls and numbers, however calls overtake each other', async () => {
    const [first, second] = await Promise.all([setUp({ today }), setUp({ today }, 3)]);
    const sorted = (service: DemoService): string[] => service.calls.map((call) => JSON.stringify(call)).sort();
    expect(sorted(first)).toEqual(sorted(second));
  });

  test('another day changes the start dates only', () => {
    const withoutDates = (text: string): string => text.replace(/\d{4}-\d\d-\d\dT/g, '');
    const [early, late] = [listed({ today }), listed({ today: new Date('2030-01-01T00:00:00Z') })];
    expect(withoutDates(early)).toBe(withoutDates(late));
  });

  test.each([0.01, 0.1, 3])('size %d gives a whole organisation', async (size) => {
    const service = await setUp({ today, size });
    const volumes = demoVolumes(size);
    expect(service.rows('mshr_hcmpositionv2entity')).toHaveLength(volumes.positions);
    expect(service.rows('mshr_hcmworkerentity')).toHaveLength(volumes.workers);
    expect(service.rows('mshr_hcmrecruitingrequestentity')).toHaveLength(volumes.requests);
    expect(service.rows('mshr_hcmpositionv2entity').map((row) => row.get('mshr_positionid'))).toContain('000426');
  });

  test.each([0, -1, Number.NaN, 2001])('size %d is refused', (size) => {
    expect(() => demoOrganisation({ today, size })).toThrow(`size ${size} is not between 0.01 and 2000`);
  });

  test('demoVolumes names the sizes of the issue', () => {
    expect(demoVolumes()).toEqual({
      companies: 3,
      jobs: 60,
      positions: 400,
      workers: 300,
      requests: 120,
      candidates: 12,
    });
  });
});

describe('what the demo takes from the model', () => {
  const { model, problemOf } = { model: new DemoService().model, problemOf: new DemoService() };

  test.each([
    ['mshr_hcmrecruitingrequeststatus', choiceValues.requestStatus],
    ['mshr_hcmrecruitingrequestpositionstatus', choiceValues.positionStatus],
    ['mshr_noyes', choiceValues.noYes],
    ['mshr_hcmpersongender', choiceValues.gender],
    ['mshr_logisticselectronicaddressmethodtype', choiceValues.contactType],
    ['cdm_jobexemptstatus', choiceValues.exemptStatus],
    ['mshr_hcmregulatoryjobcategory', choiceValues.jobCategory],
    ['mshr_hcmemploymentstatus', choiceValues.employmentStatus],
    ['mshr_hcmfrequencyunit', choiceValues.frequencyUnit],
    ['mshr_hcmfrequencygeneratefrom', choiceValues.generateFrom],
    ['mshr_hrmskillleveltype', choiceValues.skillLevelType],
    ['mshr_hcmapplicantintegrationresult', choiceValues.applicantResult],
  ])('options of %s have the values they have there', (name, options) => {
    const known = new Map(model.choice.get(name)?.options.map((option) => [option.name, option.value]));
    expect(Object.entries(options)).toEqual(Object.keys(options).map((option) => [option, known.get(option)]));
  });

  test('disbursement rows fit their table, and no two have one key', () => {
    const table = model.table.get('mserp_payintv1bankaccountdisbursemententity');
    for (const row of disbursementRows) {
      for (const [name, value] of Object.entries(row)) {
        const column = table?.column.get(name);
        expect(column && problemOf.problemOf(column, value)).toBeUndefined();
        expect(column).toBeDefined();
      }
    }
    const keys = disbursementRows.map((row) => table?.naturalKey.map(({ name }) => row[name]).join(' | '));
    expect(new Set(keys).size).toBe(disbursementRows.length);
  });
});
