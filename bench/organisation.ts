/** A data folder (or PostgreSQL database) with the demo organisation and many candidates, for measuring. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoEnv, parseDemoEnv } from '../src/demo/demo-env.ts';
import { builtInModel } from '../src/metadata/built-in.ts';
import type { Column, Model, Table } from '../src/metadata/table.ts';
import type { Value } from '../src/odata/query.ts';
import { firstRecordId, rowIdOfRecord } from '../src/odata/row-id.ts';
import type { Database, DatabaseLocation } from '../src/storage/database.ts';
import { openDatabase } from '../src/storage/open.ts';
import { type Running, startProcess, stopProcess } from './processes.ts';

export interface Organisation {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
}

export const model: Model = builtInModel();
export const candidates: Table = getTable('mshr_hcmcandidatetohireentity');

function getTable(name: string): Table {
  const table = model.table.get(name);
  if (table === undefined) throw new TypeError(`no table ${name}`);
  return table;
}

/** Starts the built server on an organisation; plain HTTP unless `tls`, with more settings as environment variables. */
/** Those with which the command starts Node.js. */
const nodeFlags = /^#!.* node (.*)$/m.exec(readFileSync('dist/portvakt.js', 'utf8'))?.[1]?.split(' ') ?? [];

export function startPortvakt(
  { dataFolder, databaseUrl }: Organisation,
  tls = false,
  settings: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const env = {
    ...process.env,
    PORTVAKT_DATA: dataFolder,
    PORTVAKT_PORT: '0',
    PORTVAKT_PUBLIC_URL: publicUrl,
    PORTVAKT_TLS: tls ? 'on' : 'off',
    ...(databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: databaseUrl }),
    ...settings,
  };
  return startProcess([...nodeFlags, 'dist/main.js'], env, /"port":(\d+)/);
}

/** Fixed, so that the port may be any: the measured requests send it as their host. */
export const publicUrl = 'https://bench.localhost';

/** Makes the demo organisation, then adds candidates by the store itself. */
export async function createOrganisation(databaseUrl: string | undefined, rows: number): Promise<Organisation> {
  const organisation = { dataFolder: mkdtempSync(join(tmpdir(), 'portvakt-bench-')), databaseUrl };
  await stopProcess(await startPortvakt(organisation));
  await grow(organisation, 0, rows);
  return organisation;
}

/** Adds the candidates from one number to another, by the store itself, while no server runs on it. */
export async function grow(organisation: Organisation, from: number, to: number): Promise<void> {
  const database = await openRows(organisation);
  await addCandidates(database, from, to);
  await database.analyze();
  await database.close();
}

export function openRows({ dataFolder, databaseUrl }: Organisation): Promise<Database> {
  const location: DatabaseLocation =
    databaseUrl === undefined
      ? { kind: 'sqlite', file: join(dataFolder, 'environments', 'nordlys.db') }
      : { kind: 'postgres', url: databaseUrl, schema: 'env_nordlys' };
  return openDatabase({ tables: model.tables, alphabet: 'nb', location });
}

export const demoEnvOf = ({ dataFolder }: Organisation): DemoEnv =>
  parseDemoEnv(readFileSync(join(dataFolder, 'demo.env'), 'utf8'));

/** Id of the n-th added candidate. */
export const candidateId = (index: number): string =>
  rowIdOfRecord(candidates.entityNumber ?? 0, firstRecordId + 10_000_000n + BigInt(index));

async function addCandidates(database: Database, first: number, end: number): Promise<void> {
  const [sample] = await database.maintain((rows) => rows.list(candidates, anyRow, 1));
  if (sample === undefined) throw new TypeError('the demo has no candidate');
  for (let from = first; from < end; from += 2000) {
    await database.maintain(async (transaction) => {
      for (let index = from; index < Math.min(from + 2000, end); index++) {
        transaction.insertLater(candidates, variation(sample.values, index), (error) => error);
      }
    });
  }
}

const anyRow = { kind: 'compare', op: 'ne', column: candidates.primaryKey, value: null } as const;

const lastNames = ['Andersen', 'Bakke', 'Dahl', 'Eriksen', 'Hansen', 'Lie', 'Moen', 'Strand', 'Ødegård', 'Åsen'];

function variation(sample: ReadonlyMap<Column, Value>, index: number): Map<Column, Value> {
  const values = new Map(sample);
  const set = (name: string, value: Value): void => {
    const column = candidates.column.get(name);
    if (column === undefined) throw new TypeError(`no column ${name}`);
    values.set(column, value);
  };
  set(candidates.primaryKey.name, candidateId(index));
  set('mshr_candidateid', `B${String(index).padStart(8, '0')}`);
  set('mshr_lastname', `${lastNames[index % lastNames.length]} ${index % 997}`);
  set('mshr_applicantintegrationresult', index % 7 === 0 ? 200000002 : 200000000);
  return values;
}
