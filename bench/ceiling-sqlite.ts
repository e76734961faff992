import { fdatasync, openSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseSync } from '@photostructure/sqlite';
import type { CeilingOrder } from './ceiling-server.ts';

/** One prepared statement for each kind of request. */
export interface CeilingRows {
  point(id: string): string | Promise<string>;
  expand(id: string): string | Promise<string>;
  /** The rows' JSON, with commas between. */
  page(): string | Promise<string>;
  /** Resolves when candidate and person are on disk. */
  create(candidateId: string, personId: string, firstName: string, lastName: string): Promise<void>;
}

export const candidateTable = 'mshr_hcmcandidatetohireentity';
export const personTable = 'mshr_dirpersonentity';
export const requestTable = 'mshr_hcmrecruitingrequestentity';
/** What a create gives a new value; the rest is that of a row that is there. */
export const personColumns = ['mshr_firstname', 'mshr_lastname', 'mshr_partynumber'];
export const candidateColumns = ['mshr_firstname', 'mshr_lastname', 'mshr_candidateid', 'mshr_fk_person_id'];
export const pageFilter = {
  column: 'mshr_applicantintegrationresult',
  value: 200_000_000,
  order: 'mshr_lastname__ord',
};

const flush = promisify(fdatasync);

/** Opens the file beside Portvakt, which is idle meanwhile. */
export function openSqliteCeiling({ organisation, columns }: CeilingOrder): CeilingRows {
  const file = join(organisation.dataFolder, 'environments', 'nordlys.db');
  const database = new DatabaseSync(file, { timeout: 5000 });
  for (const pragma of ['journal_mode = wal', 'synchronous = normal', 'cache_size = -16384', 'mmap_size = 268435456']) {
    database.exec(`pragma ${pragma}`);
  }
  const json = sqliteJson(columns);
  const byId = `from ${candidateTable} as t where t.${candidateTable}id = ?`;
  const point = prepare(database, `select ${json} ${byId}`);
  const person = `(select ${expanded('p', personTable, 'mshr_name')} from ${personTable} p where p.${personTable}id = t.mshr_fk_person_id)`;
  const request = `(select ${expanded('r', requestTable, 'mshr_description')} from ${requestTable} r where r.${requestTable}id = t.mshr_fk_recruitingrequest_id)`;
  const expandJson = `${json.slice(0, -1)}, 'mshr_FK_Person_id', json(${person}), 'mshr_FK_RecruitingRequest_id', json(${request}))`;
  const expand = prepare(database, `select ${expandJson} ${byId}`);
  const paged = `select t.* from ${candidateTable} as t where +t.${pageFilter.column} = ${pageFilter.value} order by t.${pageFilter.order}, t.${candidateTable}id limit 50`;
  const page = prepare(database, `select group_concat(j) from (select ${json} as j from (${paged}) as t)`);
  const text = (statement: ReturnType<typeof prepare>, ...values: string[]): string =>
    String(statement.get(...values)?.[0]);
  return {
    point: (id) => text(point, id),
    expand: (id) => text(expand, id),
    page: () => text(page),
    create: groupCommits(database, file),
  };
}

function prepare(database: InstanceType<typeof DatabaseSync>, sql: string) {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement as unknown as {
    get(...values: unknown[]): unknown[] | undefined;
    run(...values: unknown[]): unknown;
  };
}

/** An expanded row, with all that Portvakt gives of it. */
const expanded = (alias: string, table: string, column: string): string =>
  `json_object('@odata.etag', 'W/"' || ${alias}.row__version || '"', '${table}id', ${alias}.${table}id, '${column}', ${alias}.${column})`;

const sqliteJson = (columns: readonly string[]): string =>
  `json_object('@odata.etag', 'W/"' || t.row__version || '"', ${columns.map((name) => `'${name}', t.${name}`).join(', ')})`;

/**
 * Creates of one turn of the event loop share a commit and a flush of the log, which a thread makes while the next ones
 * are written: what was measured to be fastest, and what Portvakt does too.
 */
function groupCommits(database: InstanceType<typeof DatabaseSync>, file: string): CeilingRows['create'] {
  const log = openSync(`${file}-wal`, 'r+');
  const insertPerson = insertLike(database, personTable, personColumns);
  const insertCandidate = insertLike(database, candidateTable, candidateColumns);
  let waiting: { write: () => void; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let flushing: Promise<unknown> = Promise.resolve();
  const commit = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    try {
      database.exec('begin immediate');
      for (const { write } of group) write();
      database.exec('commit');
      const before = flushing;
      flushing = before.then(() => flush(log));
      await flushing;
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return (candidateId, personId, firstName, lastName) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commit);
      const write = (): void => {
        insertPerson(personId, [firstName, lastName, personId]);
        insertCandidate(candidateId, [firstName, lastName, candidateId.slice(0, 20), personId]);
      };
      waiting.push({ write, resolve, reject });
    });
}

/** Inserts copies of the row that was made last, with another id and these columns (and their keys) changed. */
function insertLike(database: InstanceType<typeof DatabaseSync>, table: string, changed: readonly string[]) {
  const last = `select * from ${table} order by row__version desc limit 1`;
  const sample = database.prepare(last).get() as Record<string, string | number | null>;
  const { names, fill } = copier(table, sample, changed);
  const statement = prepare(
    database,
    `insert into ${table} (${names.map((name) => `"${name}"`).join()}) values (${names.map(() => '?').join()})`,
  );
  return (id: string, values: readonly string[]): void => void statement.run(...fill(id, values));
}

/**
 * Columns of a copied row that hold a value, and its values with the id and some columns replaced, each with its two text
 * keys.
 */
export function copier(table: string, sample: Readonly<Record<string, unknown>>, changed: readonly string[]) {
  const held = Object.entries(sample).filter(([, value]) => value !== null);
  const names = held.map(([name]) => name);
  const base = held.map(([, value]) => value);
  const places = changed.map((name) => [name, `${name}__eq`, `${name}__ord`].map((each) => names.indexOf(each)));
  const idPlace = names.indexOf(`${table}id`);
  const fill = (id: string, values: readonly string[]): unknown[] => {
    const row = [...base];
    row[idPlace] = id;
    for (const [at, value] of values.entries())
      for (const place of places[at] ?? []) if (place >= 0) row[place] = value;
    return row;
  };
  return { names, fill };
}
