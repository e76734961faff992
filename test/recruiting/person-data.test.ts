import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejectionsOf } from '../../src/environment/retention-job.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { PersonData } from '../../src/recruiting/person/person-data.ts';
import { erasures, personReferences } from '../../src/recruiting/person/person-tables.ts';
import { eraseRejected } from '../../src/recruiting/person/retention.ts';
import { AdapterWorld } from '../adapter/adapter-world.ts';
import { eventsOf } from '../support/events-of.ts';
import { openDatabases, openStores } from '../support/open-stores.ts';

const person = 'mshr_dirpersonentity';
const candidate = 'mshr_hcmcandidatetohireentity';
const numbers = 'mshr_hcmpersonidentificationnumberentity';
const skill = 'mshr_hcmpersonskillentity';

test('every table of the model that refers to a person says what an erasure does to it', () => {
  const tables = personReferences(builtInModel()).map(({ table }) => table.logicalName);
  expect([...new Set(tables), person].sort()).toEqual(Object.keys(erasures).sort());
});

test('what an erasure keeps are columns of the table', () => {
  const model = builtInModel();
  for (const [name, rule] of Object.entries(erasures)) {
    if (rule.kind !== 'anonymise') continue;
    const columns = model.table.get(name)?.column;
    expect(rule.keeps.filter((column) => columns?.has(column) !== true)).toEqual([]);
  }
});

describe.each(openStores)('data of a person on $name', ({ open }) => {
  let world: AdapterWorld;
  let people: PersonData;
  beforeAll(async () => {
    world = await AdapterWorld.open(open);
    people = new PersonData(world.opened.store, () => world.model);
  });
  afterAll(() => world.close());

  const newCandidate = async () => {
    const id = await world.create(candidate, {
      mshr_firstname: 'Sigrid',
      mshr_lastname: 'Undset',
      mshr_birthdate: '1982-05-20T00:00:00Z',
      mshr_comments: 'Wants to move.',
    });
    const row = await world.read(candidate, id);
    const party = String(row['mshr_partynumber']);
    await world.create(skill, {
      mshr_partynumber: party,
      mshr_skillid: 'CustFocus',
      mshr_levelid: '4',
      mshr_leveltype: 200_000_000,
      mshr_leveldate: '2025-03-01T00:00:00Z',
    });
    return { id, party, personId: await world.idOf(person, 'mshr_partynumber', party) };
  };

  test('is given by table, with everything in it', async () => {
    const { personId, party } = await newCandidate();
    const data = (await people.export(personId, true))?.tables;
    expect(Object.keys(data ?? {}).sort()).toEqual([person, candidate, skill].sort());
    expect(data?.[person]).toMatchObject([{ mshr_partynumber: party, mshr_firstname: 'Sigrid', mshr_birthyear: 1982 }]);
    expect(data?.[candidate]).toMatchObject([{ mshr_comments: 'Wants to move.' }]);
    expect(data?.[skill]).toMatchObject([{ mshr_skillid: 'CustFocus' }]);
  });

  test('of whom nobody may see the number without a right of their own is given without it, and says so', async () => {
    const { personId, party } = await newCandidate();
    await world.insert('mshr_hcmidentificationtypeentity', { mshr_identificationtypeid: 'Passport' });
    await world.insert(numbers, {
      mshr_partynumber: party,
      mshr_identificationtypeid: 'Passport',
      mshr_identificationnumber: '20058212345',
      mshr_description: 'Pass',
    });
    const whole = await people.export(personId, true);
    expect(whole).toMatchObject({
      tables: { [numbers]: [{ mshr_identificationnumber: '20058212345' }] },
      withheld: [],
    });
    const less = await people.export(personId, false);
    expect(JSON.stringify(less)).not.toContain('20058212345');
    expect(less?.tables[numbers]).toMatchObject([{ mshr_description: 'Pass', mshr_identificationnumber: null }]);
    expect(less?.withheld).toContain(`${numbers}.mshr_identificationnumber`);
    expect(less?.tables[person]).toEqual(whole?.tables[person]);
  });

  test('is erased as a whole, and what others refer to stays', async () => {
    const { id, personId, party } = await newCandidate();
    expect(await people.erase(personId)).toEqual({ kind: 'erased', removed: 1, anonymised: 2 });
    const data = (await people.export(personId, true))?.tables;
    expect(JSON.stringify(data)).not.toMatch(/Sigrid|Undset|1982|move/);
    expect(Object.keys(data ?? {}).sort()).toEqual([person, candidate].sort());
    expect(await world.read(candidate, id)).toMatchObject({
      mshr_partynumber: party,
      mshr_firstname: 'Erased',
      mshr_lastname: null,
      mshr_birthdate: null,
      mshr_applicantintegrationresult: 200_000_000,
      _mshr_fk_person_id_value: personId,
    });
    expect(await people.erase(personId)).toEqual({ kind: 'erased', removed: 0, anonymised: 0 });
  });

  test('of a worker is not erased, and nothing of it is', async () => {
    const { personId, party } = await newCandidate();
    await world.insert('mshr_hcmworkerentity', {
      mshr_personnelnumber: `W-${party}`,
      mshr_firstname: 'Sigrid',
      mshr_partynumber: party,
    });
    expect(await people.erase(personId)).toEqual({ kind: 'heldUp', by: 'mshr_hcmworkerentity' });
    expect(JSON.stringify(await people.export(personId, true))).toContain('Undset');
  });

  test('of nobody is not there', async () => {
    expect(await people.export(newGuid(), true)).toBeUndefined();
    expect(await people.erase(newGuid())).toBeUndefined();
  });
});

describe.each(openDatabases)('rejected candidates on $name', ({ open }) => {
  test('are erased when the days of their legal entity are over, once, and no sooner', async () => {
    const world = await AdapterWorld.open(open);
    try {
      await world.administer('RecruitingParameters', {
        DataAreaId: 'usmf',
        RequestWorkflow: 'No',
        RejectedCandidateRetentionDays: 30,
      });
      const people = new PersonData(world.opened.store, () => world.model);
      const events = eventsOf(world.opened);
      const deps = {
        store: world.opened.store,
        model: () => world.model,
        people,
        rejections: () => rejectionsOf(events),
      };
      const reject = async (more: object) => {
        const id = await world.create(candidate, { mshr_firstname: 'Knut', mshr_dataareaid: 'usmf', ...more });
        await world.update(candidate, id, { mshr_applicantintegrationresult: 200_000_002 });
        return id;
      };
      const rejected = await reject({});
      // Of a legal entity that keeps them, and one who is still considered elsewhere.
      const kept = await reject({ mshr_dataareaid: 'no01' });
      const returning = await reject({});
      const { mshr_partynumber: party } = await world.read(candidate, returning);
      await world.create(candidate, { mshr_partynumber: String(party), mshr_dataareaid: 'usmf' });
      const hired = await world.create(candidate, { mshr_firstname: 'Knut', mshr_dataareaid: 'usmf' });
      await events.number(new Date().toISOString(), 500);
      const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000);
      expect(await eraseRejected(deps, inDays(29))).toBe(0);
      expect(await eraseRejected(deps, inDays(31))).toBe(1);
      expect(await eraseRejected(deps, inDays(32))).toBe(0);
      const names = [];
      for (const id of [rejected, kept, returning, hired])
        names.push((await world.read(candidate, id))['mshr_firstname']);
      expect(names).toEqual(['Erased', 'Knut', 'Knut', 'Knut']);
    } finally {
      await world.close();
    }
  });
});
