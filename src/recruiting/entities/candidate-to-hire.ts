import { type Guid, getGuid } from '../../kernel/ids.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { Values } from '../../odata/operation.ts';
import { equals, type Value } from '../../odata/query.ts';
import type { Draft } from '../draft.ts';
import type { EntityHooks } from '../entity-hooks.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { infolog } from '../infolog.ts';
import { findRow, listAll } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import { announceCandidate } from '../process/announce.ts';
import { followGraph, type Life } from '../process/follow-graph.ts';
import { candidateName, processProblems } from '../process/process-problems.ts';
import { result, resultGraph } from '../process/states.ts';
import { birthDateOf, splitBirthDate } from './birth-date.ts';

/** Personal columns that the person has under the same name; the candidate shows them (`mirrors` of the table). */
const sharedColumns = [
  'mshr_firstname',
  'mshr_middlename',
  'mshr_lastnameprefix',
  'mshr_lastname',
  'mshr_gender',
] as const;

/** Personal columns that the person's own table has no place for: all candidates of a person agree on them. */
const detailColumns = [
  'mshr_citizenshipcountrycode',
  'mshr_veteranstatusid',
  'mshr_militaryservicestartdate',
  'mshr_militaryserviceenddate',
  'mshr_isdisabledveteran',
] as const;

const birthDate = 'mshr_birthdate';

/**
 * Candidates to hire (ats-api 5). External: no party number, the person is made from the personal columns. Internal: the
 * party number of an existing person, and no personal columns. Personal columns written later go to the person.
 *
 * The request must exist in the candidate's company; that it be Active is not published and therefore not asked for.
 */
export const candidateToHireHooks: EntityHooks = {
  async prepareCreate(draft, writer) {
    if (draft.has(getColumn(draft.table, 'mshr_partynumber'))) await takeKnownPerson(draft, writer);
    else await makePerson(draft, writer);
  },

  async prepareUpdate(draft, writer) {
    await changePerson(draft, writer);
    await changeDetailsElsewhere(draft, writer);
  },

  async derive(draft, writer) {
    followGraph(draft, writer, candidateLife);
    checkReason(draft);
    checkDates(draft, writer);
  },

  async afterCreate(draft, writer) {
    announceCandidate(draft, writer);
  },

  async afterUpdate(draft, writer) {
    announceCandidate(draft, writer);
  },
};

export const candidateLife: Life<(typeof resultGraph)[number]> = {
  graph: resultGraph,
  column: 'mshr_applicantintegrationresult',
  first: result.notProcessed,
  // An ATS may write the result, which makes no worker (ats-api 5.1).
  isGuarded: false,
  nameOf: (draft) => candidateName(draft.value('mshr_candidateid')),
};

/** A reason goes with Not hired alone (ats-api 5.1). */
function checkReason(draft: Draft): void {
  const reason = getColumn(draft.table, 'mshr_donothirereasoncodeid');
  if (!draft.has(reason) || draft.value(candidateLife.column) === result.notHired) return;
  throw processProblems.reasonWithoutRejection(reason);
}

function checkDates(draft: Draft, writer: EntityWriter): void {
  const [birth, from, to] = [birthDate, 'mshr_militaryservicestartdate', 'mshr_militaryserviceenddate'].map((name) =>
    getColumn(draft.table, name),
  );
  if (birth === undefined || from === undefined || to === undefined) return;
  const day = (column: Column): string => String(draft.get(column) ?? '').slice(0, 10);
  if (draft.isChanged(birth) && day(birth) > writer.now().toISOString().slice(0, 10)) {
    throw processProblems.inFuture(birth);
  }
  if (!(draft.isChanged(from) || draft.isChanged(to)) || !draft.has(from) || !draft.has(to)) return;
  if (day(from) > day(to)) throw processProblems.laterThan(from, to);
}

const personTable = (writer: EntityWriter): Table => getTable(writer.model, 'mshr_dirpersonentity');

async function makePerson(draft: Draft, writer: EntityWriter): Promise<void> {
  const table = personTable(writer);
  const firstName = getColumn(draft.table, 'mshr_firstname');
  if (!draft.has(firstName)) throw infolog.mustBeFilledIn(firstName);
  const shared = sharedColumns.map((name): [Column, Value] => [getColumn(table, name), draft.value(name)]);
  const birth = splitBirthDate(draft.value(birthDate)).map(([name, value]): [Column, Value] => [
    getColumn(table, name),
    value,
  ]);
  const person = await writer.createRow(table, { values: new Map([...shared, ...birth]) });
  settlePerson(draft, table, person.id, person.changes());
}

async function takeKnownPerson(draft: Draft, writer: EntityWriter): Promise<void> {
  const partyNumber = getColumn(draft.table, 'mshr_partynumber');
  for (const name of [...sharedColumns, birthDate, ...detailColumns]) {
    const column = getColumn(draft.table, name);
    if (draft.has(column)) throw infolog.personIsKnown(column, draft.get(partyNumber));
  }
  const table = personTable(writer);
  const among = draft.rowsFor(table, [partyNumber]);
  const party: [Column, Value] = [getColumn(table, 'mshr_partynumber'), draft.get(partyNumber)];
  const person = await findRow(writer.rows, table, [party], { among });
  if (person === undefined) throw infolog.notFound(partyNumber, draft.get(partyNumber), table);
  settlePerson(draft, table, person.id, person.values);
  draft.setValue(
    birthDate,
    birthDateOf((name) => person.values.get(getColumn(table, name)) ?? null),
  );
  const sibling = await findRow(writer.rows, draft.table, [[getColumn(draft.table, 'mshr_fk_person_id'), person.id]]);
  for (const name of detailColumns) {
    draft.setValue(name, sibling?.values.get(getColumn(draft.table, name)) ?? null);
  }
}

function settlePerson(draft: Draft, table: Table, id: Guid, person: Values): void {
  const lookup = getColumn(draft.table, 'mshr_fk_person_id');
  draft.setValue('mshr_partynumber', person.get(getColumn(table, 'mshr_partynumber')) ?? null);
  draft.follow(lookup, id, person);
  draft.settle(lookup);
}

/** The person is the owner of name, gender and date of birth; from there they come back to every row that shows them. */
async function changePerson(draft: Draft, writer: EntityWriter): Promise<void> {
  const table = personTable(writer);
  const values = new Map<Column, Value>();
  for (const name of sharedColumns) {
    const column = getColumn(draft.table, name);
    if (!draft.isChanged(column)) continue;
    if (column.required === true && !draft.has(column)) throw infolog.mustBeFilledIn(column);
    values.set(getColumn(table, name), draft.get(column));
  }
  if (draft.isChanged(getColumn(draft.table, birthDate))) {
    for (const [name, value] of splitBirthDate(draft.value(birthDate))) values.set(getColumn(table, name), value);
  }
  const personId = draft.value('mshr_fk_person_id');
  if (values.size === 0 || typeof personId !== 'string') return;
  const person = await writer.rows.get(table, getGuid(personId));
  if (person === undefined) return;
  // What policies leave out is not changed by a way around, and nobody is changed into what they leave out.
  await writer.gate.requireChange(table, person.id);
  await writer.update(table, person, { values });
  await writer.gate.requireChange(table, person.id);
}

async function changeDetailsElsewhere(draft: Draft, writer: EntityWriter): Promise<void> {
  const changed = detailColumns.map((name) => getColumn(draft.table, name)).filter((column) => draft.isChanged(column));
  if (changed.length === 0) return;
  const values = new Map(changed.map((column) => [column, draft.get(column)]));
  const person = getColumn(draft.table, 'mshr_fk_person_id');
  for await (const row of listAll(writer.rows, draft.table, equals(person, draft.get(person)))) {
    if (row.id !== draft.id) await writer.updateShown(draft.table, row, values);
  }
}
