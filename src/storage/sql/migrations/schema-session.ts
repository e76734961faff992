import type { Clock } from '../../../kernel/clock.ts';
import type { Alphabet } from '../../alphabet.ts';
import type { StoredDefinitions } from '../../database.ts';
import type { Dialect, SqlValue } from '../dialect.ts';
import type { TableSchema } from '../schema.ts';

/** One connection, inside one transaction that nobody else changes the schema beside. */
export interface SchemaSession {
  run(sql: string, values?: readonly SqlValue[]): Promise<void>;
  rows(sql: string, values?: readonly SqlValue[]): Promise<readonly (readonly unknown[])[]>;
  /** Tables there are, with their columns. */
  tables(): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Names of the indexes there are. */
  indexes(): Promise<ReadonlySet<string>>;
  /** Would making an index keep writers of this table waiting for long? Absent where indexes are never made later. */
  isLarge?(table: string): Promise<boolean>;
}

/** What the data is to become. */
export interface Target {
  readonly dialect: Dialect;
  schemasOf(definitions: StoredDefinitions): readonly TableSchema[];
  readonly alphabet: Alphabet;
  /** The data in the words of a message: its file, or its schema and server. */
  readonly place: string;
  readonly clock: Clock;
  /** What is retired stays when the database is opened: others may still use it. */
  readonly keepsRetired?: boolean;
}

export async function readSetting(session: SchemaSession, target: Target, name: string): Promise<string | undefined> {
  const sql = `select value from ${target.dialect.table('portvakt_setting')} where name = ${parameters(target, 1)}`;
  const [row] = await session.rows(sql, [name]);
  return row === undefined ? undefined : String(row[0]);
}

export async function writeSetting(session: SchemaSession, target: Target, name: string, value: string): Promise<void> {
  const values = `values (${parameters(target, 2)}) on conflict (name) do update set value = excluded.value`;
  await session.run(`insert into ${target.dialect.table('portvakt_setting')} (name, value) ${values}`, [name, value]);
}

/** Untyped parameters: the database takes the types of the columns. */
export const parameters = ({ dialect }: Target, count: number): string =>
  Array.from({ length: count }, (_, at) => (dialect.name === 'sqlite' ? `?${at + 1}` : `$${at + 1}`)).join(', ');
