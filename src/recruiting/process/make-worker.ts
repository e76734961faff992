import type { Guid } from '../../kernel/ids.ts';
import type { Column, Table } from '../../metadata/table.ts';
import type { Value } from '../../odata/query.ts';
import { birthDateOf } from '../entities/birth-date.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { findRow } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import type { Hire } from './hire.ts';

export interface Worker {
  readonly id: Guid;
  readonly personnelNumber: string;
}

/** Two tables show a worker; one made by a hire is in both. */
const tables = ['mshr_hcmworkerentity', 'mshr_hcmworkerbaseentity'] as const;

/** Columns that workers have of the person under the same name. */
const shared = [
  'mshr_partynumber',
  'mshr_partytype',
  'mshr_firstname',
  'mshr_middlename',
  'mshr_lastnameprefix',
  'mshr_lastname',
  'mshr_namesequencedisplayas',
  'mshr_gender',
] as const;

/** The worker that the person is already: an internal candidate. */
export async function findWorker({ writer, person }: Pick<Hire, 'writer' | 'person'>): Promise<Worker | undefined> {
  const table = getTable(writer.model, tables[0]);
  const row = await findRow(writer.rows, table, [[getColumn(table, 'mshr_fk_person_id'), person.id]]);
  const number = row?.values.get(getColumn(table, 'mshr_personnelnumber'));
  return row === undefined ? undefined : { id: row.id, personnelNumber: String(number) };
}

/** @param given the personnel number; absent: the next of its sequence */
export async function makeWorker(hire: Hire, given: string | undefined): Promise<Worker> {
  const { writer } = hire;
  const personnelNumber = given ?? (await nextPersonnelNumber(writer));
  const [id] = [await makeRow(hire, tables[0], personnelNumber), await makeRow(hire, tables[1], personnelNumber)];
  return { id, personnelNumber };
}

function makeRow(hire: Hire, name: string, personnelNumber: string): Promise<Guid> {
  const { writer, person, startDate, workerType } = hire;
  const table = getTable(writer.model, name);
  const people = getTable(writer.model, 'mshr_dirpersonentity');
  const ofPerson = (column: string): Value => {
    const found = people.column.get(column);
    return found === undefined ? null : (person.values.get(found) ?? null);
  };
  const named: Record<string, Value> = Object.fromEntries(shared.map((column) => [column, ofPerson(column)]));
  named['mshr_personnelnumber'] = personnelNumber;
  named['mshr_birthdate'] = birthDateOf(ofPerson);
  named['mshr_originalhiredatetime'] = startDate;
  named['mshr_workertype'] = workerType ?? employee;
  return writer.create(table, { values: knownValues(table, named) });
}

/** `mshr_hcmworkertype`. */
const employee = 200_000_000;

/** The base worker lacks some columns of the worker; a person may lack a name that a worker shows as an empty one. */
function knownValues(table: Table, named: Readonly<Record<string, Value>>): Map<Column, Value> {
  return new Map(
    Object.entries(named).flatMap(([name, value]): [Column, Value][] => {
      const column = table.column.get(name);
      return column === undefined || value === null ? [] : [[column, value]];
    }),
  );
}

const digits = 6;

/** Personnel numbers are given by hand, too: those that a worker has are passed over. */
async function nextPersonnelNumber({ model, rows }: EntityWriter): Promise<string> {
  const all = tables.map((name) => getTable(model, name));
  for (;;) {
    const number = await rows.nextNumber('number:personnel', 1n);
    const text = number.toString().padStart(digits, '0');
    let isTaken = false;
    for (const table of all) {
      isTaken ||= (await findRow(rows, table, [[getColumn(table, 'mshr_personnelnumber'), text]])) !== undefined;
    }
    if (!isTaken) return text;
  }
}
