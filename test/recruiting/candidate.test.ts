import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Guid } from '../../src/kernel/ids.ts';
import { AdapterWorld } from '../adapter/adapter-world.ts';
import { createOf, updateOf } from '../hr/operations.ts';
import { openStores } from '../support/open-stores.ts';

const candidate = 'mshr_hcmcandidatetohireentity';
const person = 'mshr_dirpersonentity';
const request = 'mshr_hcmrecruitingrequestentity';
const business = (message: string) => ({ status: 400, code: '0x80040265', message });

describe.each(openStores)('candidates on $name', ({ open }) => {
  let world: AdapterWorld;
  beforeAll(async () => {
    world = await AdapterWorld.open(open);
  });
  afterAll(() => world.close());

  const external = { mshr_firstname: 'Ola', mshr_middlename: 'N.', mshr_lastname: 'Nordmann' };
  const personOf = async (id: Guid) => {
    const { mshr_partynumber } = await world.read(candidate, id);
    return world.read(person, await world.idOf(person, 'mshr_partynumber', String(mshr_partynumber)));
  };

  test('an external candidate makes its person, from its personal columns', async () => {
    const id = await world.create(candidate, {
      ...external,
      mshr_birthdate: '1990-05-17T00:00:00Z',
      mshr_recruitingrequestid: 'USMF-000001',
      mshr_positionid: '000426',
    });
    const row = await world.read(candidate, id);
    expect(row).toMatchObject({
      mshr_candidateid: expect.stringMatching(/^\d{9}$/),
      mshr_partynumber: expect.stringMatching(/^\d{9}$/),
      mshr_partytype: 'Person',
      mshr_firstname: 'Ola',
      mshr_birthdate: '1990-05-17T00:00:00Z',
      mshr_dataareaid: 'usmf',
      mshr_applicantintegrationresult: 200_000_000,
      _mshr_fk_recruitingrequest_id_value: await world.idOf(request, 'mshr_description', 'One more'),
      _mshr_fk_position_id_value: await world.idOf('mshr_hcmpositionv2entity', 'mshr_positionid', '000426'),
      _mshr_dataareaid_id_value: await world.idOf('cdm_company', 'cdm_companycode', 'usmf'),
    });
    expect(await personOf(id)).toMatchObject({
      mshr_name: 'Ola N. Nordmann',
      mshr_birthday: 17,
      mshr_birthmonth: 200_000_005,
      mshr_birthyear: 1990,
      mshr_dirpersonentityid: row['_mshr_fk_person_id_value'],
    });
  });

  test('row ids are computable from the entity number and the record id', async () => {
    const id = await world.create(candidate, { mshr_firstname: 'Id' });
    expect(id).toMatch(/^00000bba-0000-0000-[0-9a-f]{4}-00[0-9a-f]{2}01000000$/);
  });

  test('an internal candidate takes an existing person and shows it', async () => {
    const known = await world.read(person, await world.idOf(person, 'mshr_firstname', 'Kari'));
    const id = await world.create(candidate, { mshr_partynumber: String(known['mshr_partynumber']) });
    expect(await world.read(candidate, id)).toMatchObject({
      mshr_firstname: 'Kari',
      mshr_lastname: 'Nordmann',
      mshr_partytype: 'Person',
      _mshr_fk_person_id_value: known['mshr_dirpersonentityid'],
    });
  });

  test('empty ids count as not given', async () => {
    const id = await world.create(candidate, {
      mshr_firstname: 'Tom',
      mshr_partynumber: '',
      mshr_recruitingrequestid: '',
      mshr_positionid: '',
    });
    const row = await world.read(candidate, id);
    expect(row).toMatchObject({ _mshr_fk_recruitingrequest_id_value: null, _mshr_fk_position_id_value: null });
    expect(row['mshr_partynumber']).toMatch(/^\d{9}$/);
  });

  test('a legal entity and an id take the spelling of the row they name', async () => {
    const id = await world.create(candidate, {
      ...external,
      mshr_dataareaid: 'USMF',
      mshr_recruitingrequestid: 'usmf-000001',
    });
    expect(await world.read(candidate, id)).toMatchObject({
      mshr_dataareaid: 'usmf',
      mshr_recruitingrequestid: 'USMF-000001',
    });
  });

  test.each<{ name: string; row: Record<string, string | number>; message: string }>([
    { name: 'without a first name', row: { mshr_lastname: 'X' }, message: "Field 'First Name' must be filled in." },
    { name: 'with an empty first name', row: { mshr_firstname: '' }, message: "Field 'First Name' must be filled in." },
    {
      name: 'for an unknown person',
      row: { mshr_partynumber: '999' },
      message: "The value '999' in field 'Party Number' is not found in the related table 'People'.",
    },
    {
      name: 'for an unknown request',
      row: { mshr_firstname: 'A', mshr_recruitingrequestid: 'USMF-999999' },
      message:
        "The value 'USMF-999999' in field 'Recruiting Request ID' is not found in the related table 'Recruiting request'.",
    },
    {
      name: 'for a request of another legal entity',
      row: { mshr_firstname: 'A', mshr_recruitingrequestid: 'NO01-000001' },
      message:
        "The value 'NO01-000001' in field 'Recruiting Request ID' is not found in the related table 'Recruiting request'.",
    },
    {
      name: 'for an unknown position',
      row: { mshr_firstname: 'A', mshr_positionid: 'nope' },
      message: "The value 'nope' in field 'Position ID' is not found in the related table 'Positions V2'.",
    },
    {
      name: 'in an unknown legal entity',
      row: { mshr_firstname: 'A', mshr_dataareaid: 'xxxx' },
      message: "The value 'xxxx' in field 'Data Area ID' is not found in the related table 'Company'.",
    },
    {
      name: 'with a party number and a personal column',
      row: { mshr_partynumber: '000000001', mshr_gender: 200_000_001 },
      message:
        "Field 'Gender' cannot be given together with party number '000000001': an existing person keeps its own data.",
    },
  ])('a candidate $name is refused, and nothing is left behind', async ({ row, message }) => {
    const count = async () => (await world.opened.store.readAll(world.table(person))).length;
    const before = await count();
    expect(await world.refusal(createOf(world.table(candidate), row))).toEqual(business(message));
    expect(await count()).toBe(before);
  });

  describe('what is written on a candidate goes to the person', () => {
    let first: Guid;
    let second: Guid;
    beforeEach(async () => {
      first = await world.create(candidate, { ...external, mshr_veteranstatusid: 'None' });
      const { mshr_partynumber } = await world.read(candidate, first);
      second = await world.create(candidate, { mshr_partynumber: String(mshr_partynumber) });
    });

    test('and from there to all candidates of that person', async () => {
      await world.update(candidate, first, { mshr_lastname: 'Hansen', mshr_birthdate: '2000-02-29T00:00:00Z' });
      expect(await personOf(first)).toMatchObject({ mshr_name: 'Ola N. Hansen', mshr_birthday: 29 });
      for (const id of [first, second]) {
        expect(await world.read(candidate, id)).toMatchObject({
          mshr_lastname: 'Hansen',
          mshr_birthdate: '2000-02-29T00:00:00Z',
        });
      }
    });

    test('a change of the person comes back', async () => {
      const { mshr_dirpersonentityid } = await personOf(first);
      await world.update(person, mshr_dirpersonentityid as Guid, {
        mshr_firstname: 'Per',
        mshr_birthday: 1,
        mshr_birthmonth: 200_000_001,
        mshr_birthyear: 1980,
      });
      for (const id of [first, second]) {
        expect(await world.read(candidate, id)).toMatchObject({
          mshr_firstname: 'Per',
          mshr_birthdate: '1980-01-01T00:00:00Z',
        });
      }
    });

    test('details that the person has no column for are shared as well', async () => {
      expect(await world.read(candidate, second)).toMatchObject({ mshr_veteranstatusid: 'None' });
      await world.update(candidate, second, { mshr_citizenshipcountrycode: 'NO', mshr_veteranstatusid: null });
      expect(await world.read(candidate, first)).toMatchObject({
        mshr_citizenshipcountrycode: 'NO',
        mshr_veteranstatusid: null,
        _mshr_fk_veteranstatus_id_value: null,
      });
    });

    test('a first name cannot be taken away', async () => {
      const operation = updateOf(world.table(candidate), first, { mshr_firstname: '' });
      expect(await world.refusal(operation)).toEqual(business("Field 'First Name' must be filled in."));
    });
  });

  describe('the request of a candidate', () => {
    let id: Guid;
    let navigation: ReturnType<typeof single>;
    const single = () => {
      const found = world.table(candidate).navigation.get('mshr_FK_RecruitingRequest_id');
      if (found?.kind !== 'single') throw new Error('no navigation');
      return found;
    };
    beforeEach(async () => {
      id = await world.create(candidate, external);
      navigation = single();
    });
    const bind = (target: Guid | null) =>
      updateOf(world.table(candidate), id, {}, { binds: [{ navigation, id: target }] });

    test('is set and cleared through its lookup, and the readable id follows', async () => {
      await world.run(bind(await world.idOf(request, 'mshr_description', 'One more')));
      expect(await world.read(candidate, id)).toMatchObject({ mshr_recruitingrequestid: 'USMF-000001' });
      await world.run(bind(null));
      expect(await world.read(candidate, id)).toMatchObject({
        mshr_recruitingrequestid: null,
        _mshr_fk_recruitingrequest_id_value: null,
        mshr_dataareaid: 'usmf',
      });
    });

    test('must be of the same legal entity', async () => {
      const refusal = await world.refusal(bind(await world.idOf(request, 'mshr_description', 'Elsewhere')));
      expect(refusal).toEqual(
        business("'Recruiting Request ID Value' belongs to the legal entity 'no01', but the record to 'usmf'."),
      );
    });

    test('must exist', async () => {
      const missing = '00000d6b-0000-0000-0000-000000000000' as Guid;
      expect(await world.refusal(bind(missing))).toEqual({
        status: 404,
        code: '0x80040217',
        message: `Entity '${request}' With Id = ${missing} Does Not Exist`,
      });
    });

    test('cannot be one thing by id and another by lookup', async () => {
      const target = await world.idOf(request, 'mshr_description', 'One more');
      const operation = {
        ...createOf(world.table(candidate), { ...external, mshr_recruitingrequestid: 'OTHER' }),
        binds: [{ navigation, id: target }],
      } as ReturnType<typeof createOf>;
      expect(await world.refusal(operation)).toEqual(
        business(
          "Field 'Recruiting Request ID' has the value 'OTHER', which contradicts 'Recruiting Request ID Value'.",
        ),
      );
    });

    test('is set and cleared by $ref from both ends', async () => {
      const target = await world.idOf(request, 'mshr_description', 'One more');
      const collection = world.table(request).navigation.get('mshr_FK_HcmCandidateToHireEntity_RecruitingRequest');
      if (collection === undefined) throw new Error('no navigation');
      const shown = async () => (await world.read(candidate, id))['mshr_recruitingrequestid'];
      const own = { table: world.table(candidate), id, navigation };
      const back = { table: world.table(request), id: target, navigation: collection, targetId: id };
      expect(await world.run({ kind: 'associate', ...own, targetId: target })).toEqual({ kind: 'done' });
      expect(await shown()).toBe('USMF-000001');
      expect(await world.run({ kind: 'disassociate', ...back })).toEqual({ kind: 'done' });
      expect(await shown()).toBeNull();
      await world.run({ kind: 'associate', ...back });
      expect(await shown()).toBe('USMF-000001');
      await world.run({ kind: 'disassociate', ...own, targetId: undefined });
      expect(await shown()).toBeNull();
      expect((await world.refusal({ kind: 'disassociate', ...back })).status).toBe(404);
    });
  });

  describe('fidelity', () => {
    const wanted = '00000bba-0000-0000-0000-0000000000ff' as Guid;
    const upsert = (id: Guid) => updateOf(world.table(candidate), id, { mshr_firstname: 'Up' }, { mayCreate: true });
    afterEach(() => {
      world.fidelity = 'extended';
    });

    test('PATCH with an unknown id creates the row under it, and says so', async () => {
      expect(await world.run(upsert(wanted))).toMatchObject({ kind: 'created', id: wanted });
      expect(world.differences.header).toContain('virtual-upsert');
      expect(await world.run(upsert(wanted))).toMatchObject({ kind: 'updated', id: wanted });
      expect(world.differences.header ?? '').not.toContain('virtual-upsert');
    });

    test('under strict fidelity it is refused, and nothing is created', async () => {
      world.fidelity = 'strict';
      const id = '00000bba-0000-0000-0000-0000000000fe' as Guid;
      expect(await world.refusal(upsert(id))).toMatchObject({ status: 400, code: '0x80044822' });
      await expect(world.read(candidate, id)).rejects.toMatchObject({ problem: { status: 404 } });
    });

    test('a column that is set on create only is refused once the row exists', async () => {
      const operation = updateOf(
        world.table(candidate),
        wanted,
        { mshr_recruitingrequestid: 'X' },
        { mayCreate: true },
      );
      expect(await world.refusal(operation)).toMatchObject({ status: 400, code: '0x80040203' });
    });
  });
});
