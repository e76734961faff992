import type { Dice } from '../queries/make.ts';
import type { Level, Session } from './oracle.ts';
import { companies, type Entity, entityFacts, type Plain, type Stored } from './world.ts';

/** A write as a request, and what the oracle must know of it. */
export interface Write {
  readonly entity: Entity;
  readonly level: Level;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  /** The row that is there. */
  readonly row: Plain | undefined;
  /** Rows that readable ids of the body name. */
  readonly named?: readonly (readonly [Entity, Plain])[];
  /** Id of the person whose name the write changes. */
  readonly renamed?: string | null | undefined;
  /** What is stored afterwards, and the row that was written. */
  readonly after: (stored: Stored) => { readonly stored: Stored; readonly row: Plain | undefined };
}

type Make = (dice: Dice, stored: Stored, session: Session) => Write;

const names = ['Berg', 'Dahl', 'Nytt'];
const newId = 'ffffffff-0000-0000-0000-000000000000';
const company = 'mshr_dataareaid';

const createCandidate: Make = (dice, stored, session) => {
  const given = dice.chance(0.7) ? dice.of(companies) : undefined;
  const lastName = dice.of(names);
  const home = given ?? String(session.user['Company']);
  const request = dice.chance(0.4) ? stored.request.find((row) => row[company] === home) : undefined;
  const requestId = request?.['mshr_recruitingrequestid'] ?? undefined;
  const body = {
    mshr_firstname: 'Ola',
    mshr_lastname: lastName,
    ...(given !== undefined && { [company]: given }),
    ...(typeof requestId === 'string' && { mshr_recruitingrequestid: requestId }),
  };
  const person: Plain = { id: `${newId.slice(0, -1)}1`, mshr_firstname: 'Ola', mshr_lastname: lastName };
  const row: Plain = {
    ...body,
    id: newId,
    [company]: home,
    mshr_fk_person_id: person.id,
    mshr_fk_recruitingrequest_id: request?.id ?? null,
  };
  return {
    entity: 'candidate',
    level: 'Create',
    method: 'POST',
    path: entityFacts.candidate.set,
    body,
    row: undefined,
    named: request === undefined ? [] : [['request', request]],
    after: (all) => ({
      row,
      stored: { ...all, candidate: [...all.candidate, row], person: [...all.person, person] },
    }),
  };
};

const with_ = (row: Plain, values: Readonly<Record<string, string>>): Plain => ({ ...row, ...values, id: row.id });

const renameCandidate: Make = (dice, stored) => {
  const row = dice.of(stored.candidate);
  const values = { mshr_lastname: dice.of(names) };
  return {
    entity: 'candidate',
    level: 'Update',
    method: 'PATCH',
    path: `${entityFacts.candidate.set}(${row.id})`,
    body: values,
    row,
    ...(row['mshr_lastname'] !== values.mshr_lastname && { renamed: row['mshr_fk_person_id'] }),
    // The person owns the name, and every candidate of that person shows it.
    after: (all) => {
      const person = row['mshr_fk_person_id'];
      const changed = {
        ...all,
        person: all.person.map((each) => (each.id === person ? with_(each, values) : each)),
        candidate: all.candidate.map((each) => (each['mshr_fk_person_id'] === person ? with_(each, values) : each)),
      };
      return { stored: changed, row: with_(row, values) };
    },
  };
};

const moveCandidate: Make = (dice, stored) => {
  const row = dice.of(stored.candidate.filter((each) => each['mshr_recruitingrequestid'] === null));
  const values = { [company]: dice.of(companies) };
  return {
    entity: 'candidate',
    level: 'Update',
    method: 'PATCH',
    path: `${entityFacts.candidate.set}(${row.id})`,
    body: values,
    row,
    after: (all) => {
      const moved = with_(row, values);
      return {
        row: moved,
        stored: { ...all, candidate: all.candidate.map((each) => (each.id === row.id ? moved : each)) },
      };
    },
  };
};

const deleteCandidate: Make = (dice, stored) => {
  const row = dice.of(stored.candidate);
  return {
    entity: 'candidate',
    level: 'Delete',
    method: 'DELETE',
    path: `${entityFacts.candidate.set}(${row.id})`,
    body: {},
    row,
    after: (all) => ({ stored: all, row: undefined }),
  };
};

const createNumber: Make = (dice, stored) => {
  const person = dice.of(stored.person);
  const body = {
    mshr_partynumber: String(person['mshr_partynumber']),
    mshr_identificationtypeid: 'Passport',
    mshr_identificationnumber: '99',
  };
  const row: Plain = { ...body, id: newId, mshr_fk_person_id: person.id };
  return {
    entity: 'number',
    level: 'Create',
    method: 'POST',
    path: entityFacts.number.set,
    body,
    row: undefined,
    named: [['person', person]],
    after: (all) => ({ row, stored: { ...all, number: [...all.number, row] } }),
  };
};

const changeNumber: Make = (dice, stored) => {
  const row = dice.of(stored.number);
  const values: Record<string, string> = dice.chance(0.5)
    ? { mshr_identificationnumber: '98' }
    : { mshr_description: 'Pass' };
  return {
    entity: 'number',
    level: 'Update',
    method: 'PATCH',
    path: `${entityFacts.number.set}(${row.id})`,
    body: values,
    row,
    after: (all) => ({ row: with_(row, values), stored: all }),
  };
};

const makers: readonly Make[] = [
  createCandidate,
  createCandidate,
  renameCandidate,
  renameCandidate,
  moveCandidate,
  deleteCandidate,
  createNumber,
  changeNumber,
];

export const randomWrite = (dice: Dice, stored: Stored, session: Session): Write =>
  dice.of(makers)(dice, stored, session);

/** How gate two, or what stands behind it, must end a write. */
export type WriteEnd =
  | { readonly kind: 'done' | 'not there' | 'named not there' }
  | { readonly kind: 'level' | 'company' | 'policy' }
  | { readonly kind: 'policy'; readonly ofPerson: Level }
  | { readonly kind: 'column'; readonly column: string };

/** Steps 16 to 19 for a write, and the row itself. */
export function endOf(session: Session, write: Write, stored: Stored): WriteEnd {
  const { entity, level, body, row } = write;
  if (!session.holds(entity, level)) return { kind: 'level' };
  const named =
    body[company] ?? (level === 'Create' && entity === 'candidate' ? String(session.user['Company']) : undefined);
  if (named !== undefined && !session.inCompany(entity, level, named)) return { kind: 'company' };
  for (const column of Object.keys(body)) if (!session.mayUse(entity, column, level)) return { kind: 'column', column };
  if (row !== undefined) {
    if (!session.sees(entity, row, stored)) return { kind: 'not there' };
    if (!session.inCompany(entity, level, row[company])) return { kind: 'company' };
    if (!session.leaves(entity, level, row, stored)) return { kind: 'policy' };
  }
  for (const [of, each] of write.named ?? [])
    if (!session.leaves(of, 'Read', each, stored)) return { kind: 'named not there' };
  const after = write.after(stored);
  for (const all of [stored, after.stored]) {
    const person = all.person.find(({ id }) => id === write.renamed);
    const refusing = (['Update', 'Read'] as const).find(
      (each) => person && !session.leaves('person', each, person, all),
    );
    if (refusing !== undefined) return { kind: 'policy', ofPerson: refusing };
  }
  if (after.row !== undefined && !session.leaves(entity, level, after.row, after.stored)) return { kind: 'policy' };
  return { kind: 'done' };
}
