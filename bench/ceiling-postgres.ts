import pg from 'pg';
import type { CeilingOrder } from './ceiling-server.ts';
import {
  type CeilingRows,
  candidateColumns,
  candidateTable,
  copier,
  pageFilter,
  personColumns,
  personTable,
  requestTable,
} from './ceiling-sqlite.ts';

/** One pipelined connection for reads by id, a pool of eight for the rest: what was measured to be fastest. */
export async function openPostgresCeiling({ organisation, columns }: CeilingOrder): Promise<CeilingRows> {
  const settings = { connectionString: organisation.databaseUrl, pipeline: true };
  const points = new pg.Client(settings);
  await points.connect();
  const pool = new pg.Pool({ ...settings, max: 8 });
  const table = (name: string): string => `env_nordlys.${name}`;
  const members = columns.map((name) => `t.${name}`).join(', ');
  const etag = `'W/"' || t.row__version || '"' as "@odata.etag"`;
  const byId = `from ${table(candidateTable)} as t where t.${candidateTable}id = $1`;
  const point = `select row_to_json(j)::text from (select ${etag}, ${members} ${byId}) as j`;
  const person = `(select row_to_json(p) from (select ${expanded('p', personTable)}, p.mshr_name from ${table(personTable)} p where p.${personTable}id = t.mshr_fk_person_id) as p) as "mshr_FK_Person_id"`;
  const request = `(select row_to_json(r) from (select ${expanded('r', requestTable)}, r.mshr_description from ${table(requestTable)} r where r.${requestTable}id = t.mshr_fk_recruitingrequest_id) as r) as "mshr_FK_RecruitingRequest_id"`;
  const expand = `select row_to_json(j)::text from (select ${etag}, ${members}, ${person}, ${request} ${byId}) as j`;
  const paged = `select * from ${table(candidateTable)} where ${pageFilter.column} = ${pageFilter.value} order by ${pageFilter.order} asc nulls first, ${candidateTable}id limit 50`;
  const page = `select string_agg(row_to_json(j)::text, ',') from (select ${etag}, ${members} from (${paged}) as t) as j`;
  const text = async (on: pg.Client | pg.Pool, name: string, sql: string, values: unknown[]): Promise<string> =>
    String((await on.query<unknown[]>({ name, text: sql, values, rowMode: 'array' })).rows[0]?.[0]);
  return {
    point: (id) => text(points, 'point', point, [id]),
    expand: (id) => text(points, 'expand', expand, [id]),
    page: () => text(pool, 'page', page, []),
    create: await creator(pool, table),
  };
}

/** What Portvakt gives of an expanded row beside its columns. */
const expanded = (alias: string, table: string): string =>
  `'W/"' || ${alias}.row__version || '"' as "@odata.etag", ${alias}.${table}id`;

/** Person and candidate by one statement, which is a transaction of its own. */
async function creator(pool: pg.Pool, table: (name: string) => string): Promise<CeilingRows['create']> {
  const sampleOf = async (name: string): Promise<Record<string, unknown>> =>
    (await pool.query<Record<string, unknown>>(`select * from ${table(name)} order by row__version desc limit 1`))
      .rows[0] ?? {};
  const person = copier(personTable, await sampleOf(personTable), personColumns);
  const candidate = copier(candidateTable, await sampleOf(candidateTable), candidateColumns);
  const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join();
  const places = (names: readonly string[], after: number): string => names.map((_, at) => `$${at + 1 + after}`).join();
  const insertPerson = `insert into ${table(personTable)} (${list(person.names)}) values (${places(person.names, 0)})`;
  const insertCandidate = `insert into ${table(candidateTable)} (${list(candidate.names)}) values (${places(candidate.names, person.names.length)})`;
  const sql = `with p as (${insertPerson}) ${insertCandidate}`;
  return async (candidateId, personId, firstName, lastName) => {
    const values = [
      ...person.fill(personId, [firstName, lastName, personId]),
      ...candidate.fill(candidateId, [firstName, lastName, candidateId.slice(0, 20), personId]),
    ];
    await pool.query({ name: 'create', text: sql, values });
  };
}
