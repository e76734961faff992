import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Guid } from '../../src/kernel/ids.ts';
import { entityHooks } from '../../src/recruiting/entities/all.ts';
import { compileEntityRules } from '../../src/recruiting/entity-rules.ts';
import { EntityWriter } from '../../src/recruiting/entity-writer.ts';
import { AdapterWorld } from '../adapter/adapter-world.ts';
import { valuesOf } from '../hr/operations.ts';
import { openStores } from '../support/open-stores.ts';

const request = 'mshr_hcmrecruitingrequestentity';
const job = 'mshr_hcmjobentity';

/** Business logic without gates, for what no recruiting role may do. */
describe.each(openStores)('business logic on $name', ({ open }) => {
  let world: AdapterWorld;
  beforeAll(async () => {
    world = await AdapterWorld.open(open);
  });
  afterAll(() => world.close());

  type Named = Readonly<Record<string, string | number | null>>;
  const work = <T>(job: (writer: EntityWriter) => Promise<T>): Promise<T> =>
    world.opened.store.maintain((rows) =>
      job(new EntityWriter(compileEntityRules(world.model, entityHooks), rows, undefined)),
    );
  const change = (name: string, id: Guid, named: Named) =>
    work(async (writer) => {
      const table = world.table(name);
      const row = await writer.rows.get(table, id);
      if (row === undefined) throw new Error('no row');
      await writer.update(table, row, { values: valuesOf(table, named) });
    });
  const remove = (name: string, id: Guid) =>
    work(async (writer) => {
      const row = await writer.rows.get(world.table(name), id);
      if (row === undefined) throw new Error('no row');
      await writer.delete(world.table(name), row);
    });
  const newRequest = (more: Named = {}) =>
    world.insert(request, {
      mshr_dataareaid: 'usmf',
      mshr_jobid: 'Project Manager',
      mshr_description: 'Test',
      mshr_estimatedstartdate: '2026-01-01T00:00:00Z',
      ...more,
    });

  test('numbers count per company where the prefix is the company', async () => {
    const numbers = [];
    for (const company of ['usmf', 'no01', 'usmf']) {
      const row = await world.read(request, await newRequest({ mshr_dataareaid: company }));
      numbers.push(String(row['mshr_recruitingrequestid']));
    }
    expect(numbers).toEqual(['USMF-000002', 'NO01-000002', 'USMF-000003']);
  });

  test('a number that a row already has is passed over', async () => {
    await world.insert('mshr_hcmpositionv2entity', { mshr_positionid: '000001', mshr_jobid: 'Project Manager' });
    const id = await world.insert('mshr_hcmpositionv2entity', { mshr_jobid: 'Project Manager' });
    expect(await world.read('mshr_hcmpositionv2entity', id)).toMatchObject({ mshr_positionid: '000002' });
  });

  test('a request shows its job, and what the job leads to', async () => {
    expect(await world.read(request, await newRequest())).toMatchObject({
      mshr_titleid: 'Lead',
      mshr_jobfunctionid: 'Manage',
      mshr_jobtypeid: 'Fixed',
      mshr_exemptstatus: 200_000_001,
      mshr_regulatoryjobcategory: 200_000_002,
      mshr_defaultfulltimeequivalency: 1,
      mshr_status: 200_000_000,
      _mshr_fk_title_id_value: await world.idOf('mshr_hcmtitleentity', 'mshr_titleid', 'Lead'),
    });
  });

  test('a change of what is shown reaches every row that shows it, however far', async () => {
    await world.insert('mshr_hcmjobtypeentity', { mshr_jobtypeid: 'Hourly', mshr_exemptstatus: 200_000_000 });
    await world.insert('mshr_hcmtitleentity', { mshr_titleid: 'Head' });
    await world.insert(job, {
      mshr_jobid: 'Cook',
      mshr_titleid: 'Lead',
      mshr_jobtypeid: 'Fixed',
      mshr_functionid: 'Manage',
    });
    const id = await newRequest({ mshr_jobid: 'Cook' });
    const cook = await world.idOf(job, 'mshr_jobid', 'Cook');
    await change(job, cook, { mshr_titleid: 'Head', mshr_jobtypeid: 'Hourly' });
    expect(await world.read(request, id)).toMatchObject({
      mshr_titleid: 'Head',
      _mshr_fk_title_id_value: await world.idOf('mshr_hcmtitleentity', 'mshr_titleid', 'Head'),
      mshr_exemptstatus: 200_000_000,
    });
    await change('mshr_hcmjobtypeentity', await world.idOf('mshr_hcmjobtypeentity', 'mshr_jobtypeid', 'Hourly'), {
      mshr_exemptstatus: 200_000_002,
    });
    await change(
      'mshr_hcmjobfunctionentity',
      await world.idOf('mshr_hcmjobfunctionentity', 'mshr_jobfunctionid', 'Manage'),
      {
        mshr_regulatoryjobcategory: 200_000_003,
      },
    );
    expect(await world.read(request, id)).toMatchObject({
      mshr_exemptstatus: 200_000_002,
      mshr_regulatoryjobcategory: 200_000_003,
    });
    await change(job, cook, { mshr_functionid: null, mshr_titleid: null });
    expect(await world.read(request, id)).toMatchObject({
      mshr_regulatoryjobcategory: null,
      mshr_titleid: null,
      _mshr_fk_title_id_value: null,
    });
  });

  test('the primary field joins the key, with dates and labels as text', async () => {
    const partyNumber = String((await world.list('mshr_dirpersonentity'))[0]?.['mshr_partynumber']);
    const id = await world.create('mshr_hcmpersonskillentity', {
      mshr_partynumber: partyNumber,
      mshr_skillid: 'CustFocus',
      mshr_levelid: '4',
      mshr_leveltype: 200_000_000,
      mshr_leveldate: '2025-03-01T00:00:00Z',
      mshr_ratinglevelexaminer: '',
    });
    const row = await world.read('mshr_hcmpersonskillentity', id);
    const label = world.model.choice.get('mshr_hrmskillleveltype')?.options[0]?.label;
    expect(row['mshr_primaryfield']).toBe(`${partyNumber} | ${label} | CustFocus | 2025-03-01`);
    expect(row).toMatchObject({
      mshr_ratingid: 'Skills',
      mshr_verified: 200_000_000,
      _mshr_fk_ratinglevelexaminer_id_value: null,
    });
    expect(row['_mshr_fk_ratinglevel_id_value']).toEqual(expect.any(String));
  });

  test.each<{ name: string; table: string; row: Named; message: string }>([
    {
      name: 'a required column is missing',
      table: request,
      row: { mshr_dataareaid: 'usmf', mshr_jobid: 'Project Manager', mshr_estimatedstartdate: '2026-01-01T00:00:00Z' },
      message: "Field 'Description' must be filled in.",
    },
    {
      name: 'no company is given and the user has none',
      table: request,
      row: { mshr_jobid: 'Project Manager' },
      message: "Field 'Data Area ID' must be filled in.",
    },
    {
      name: 'the company is blank and the user has none',
      table: request,
      row: { mshr_dataareaid: ' ', mshr_jobid: 'Project Manager' },
      message: "Field 'Data Area ID' must be filled in.",
    },
    {
      name: 'the key is taken',
      table: 'mshr_hcmskillentity',
      row: { mshr_skill: 'custfocus' },
      message: 'Cannot create a record in Skills (HcmSkillEntity). Skill: custfocus. The record already exists.',
    },
    {
      name: 'a readable id leads nowhere',
      table: 'mshr_hcmskillentity',
      row: { mshr_skill: 'New', mshr_ratingid: 'None' },
      message: "The value 'None' in field 'Rating ID' is not found in the related table 'Rating models'.",
    },
  ])('a create where $name is refused', async ({ table, row, message }) => {
    await expect(world.insert(table, row)).rejects.toThrow(message);
  });

  test.each([null, '', ' '])('an update that sets the company to %j is refused', async (company) => {
    const id = await newRequest();
    await expect(change(request, id, { mshr_dataareaid: company })).rejects.toThrow(
      "Field 'Data Area ID' must be filled in.",
    );
    expect(await world.read(request, id)).toMatchObject({ mshr_dataareaid: 'usmf' });
  });

  test('a row that others point to cannot be deleted', async () => {
    const id = await world.idOf('mshr_hcmskillentity', 'mshr_skill', 'CustFocus');
    await world.insert('mshr_hcmrecruitingrequestskillentity', {
      mshr_dataareaid: 'usmf',
      mshr_recruitingrequestid: 'USMF-000001',
      mshr_skillid: 'CustFocus',
      mshr_ratingmodelid: 'Skills',
    });
    await expect(remove('mshr_hcmskillentity', id)).rejects.toThrow(
      /^Skills cannot be deleted while dependent (Recruiting request skills|Skill competency) exist\.$/,
    );
  });

  test('its key cannot be changed either, but the rest can', async () => {
    const id = await world.idOf('mshr_hcmratingmodelentity', 'mshr_ratingmodelid', 'Skills');
    await expect(change('mshr_hcmratingmodelentity', id, { mshr_ratingmodelid: 'Other' })).rejects.toThrow(
      /cannot be changed while dependent .* exist\.$/,
    );
    await change('mshr_hcmratingmodelentity', id, { mshr_description: 'Skills of a person' });
    expect(await world.read('mshr_hcmratingmodelentity', id)).toMatchObject({ mshr_description: 'Skills of a person' });
  });

  test('a request takes its positions and skills with it', async () => {
    const id = await newRequest();
    const { mshr_recruitingrequestid } = await world.read(request, id);
    const own = { mshr_dataareaid: 'usmf', mshr_recruitingrequestid: String(mshr_recruitingrequestid) };
    await world.insert('mshr_hcmrecruitingrequestpositionentity', { ...own, mshr_positionid: '000426' });
    await world.insert('mshr_hcmrecruitingrequestskillentity', {
      ...own,
      mshr_skillid: 'CustFocus',
      mshr_ratingmodelid: 'Skills',
    });
    await remove(request, id);
    for (const part of ['mshr_hcmrecruitingrequestpositionentity', 'mshr_hcmrecruitingrequestskillentity']) {
      const left = await world.list(
        part,
        world.equals(part, 'mshr_recruitingrequestid', String(mshr_recruitingrequestid)),
      );
      expect(left).toEqual([]);
    }
  });

  test('a request with a candidate cannot be deleted', async () => {
    const id = await newRequest();
    const { mshr_recruitingrequestid } = await world.read(request, id);
    await world.create('mshr_hcmcandidatetohireentity', {
      mshr_firstname: 'A',
      mshr_recruitingrequestid: String(mshr_recruitingrequestid),
    });
    await expect(remove(request, id)).rejects.toThrow(
      'Recruiting request cannot be deleted while dependent Candidate to hire exist.',
    );
  });

  test('a change that changes nothing leaves the version alone', async () => {
    const id = await newRequest();
    const etag = async () => (await world.read(request, id, { etag: true }))['@odata.etag'];
    const before = await etag();
    await world.update(request, id, { mshr_description: 'Test' });
    expect(await etag()).toBe(before);
    await world.update(request, id, { mshr_description: 'Changed' });
    expect(await etag()).not.toBe(before);
  });

  test('two hundred and more rows that show one source all follow', async () => {
    const person = await world.insert('mshr_dirpersonentity', { mshr_firstname: 'Many', mshr_lastname: 'Roles' });
    const { mshr_partynumber } = await world.read('mshr_dirpersonentity', person);
    for (let count = 0; count < 205; count++) {
      await world.create('mshr_hcmcandidatetohireentity', { mshr_partynumber: String(mshr_partynumber) });
    }
    await world.update('mshr_dirpersonentity', person, { mshr_lastname: 'Renamed' });
    const where = world.equals('mshr_hcmcandidatetohireentity', 'mshr_lastname', 'Renamed');
    expect(await world.list('mshr_hcmcandidatetohireentity', where, { limit: 500 })).toHaveLength(205);
  });
});
