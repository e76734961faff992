import { quoteName } from '../names.ts';
import { type Connection, executeOnce } from './binding.ts';
import { lockSchema } from './lock.ts';
import { relationExists } from './rights.ts';

/** What several processes know of each other is in a schema of its own: those of data come and go. */
const schema = 'portvakt_processes';

export const peersTable = (name: 'change' | 'shared' | 'asked'): string => `${quoteName(schema)}.${quoteName(name)}`;

/** Channel of `notify`. */
export const channel = 'portvakt';

const statements: readonly string[] = [
  `create schema if not exists ${quoteName(schema)}`,
  // INVARIANT: written in the transaction of the change itself. Who wrote it, which schema, and `{table: [key]}`.
  `create table if not exists ${peersTable('change')} (
     xid xid8 not null default pg_current_xact_id(),
     at timestamptz not null default clock_timestamp(),
     origin text not null, scope text not null, content text not null)`,
  `create index if not exists change_by_xid on ${peersTable('change')} (xid)`,
  `create table if not exists ${peersTable('shared')} (name text primary key, value text not null)`,
  `create table if not exists ${peersTable('asked')} (name text primary key, until timestamptz not null)`,
];

/** Makes the tables where they are missing; where all are there it needs no right to make any. */
export async function preparePeers(connection: Connection): Promise<void> {
  const [there] = await executeOnce(connection, 'select 1 from pg_namespace where nspname = $1', [schema]);
  if (there !== undefined && (await relationExists(connection, peersTable('asked')))) return;
  await executeOnce(connection, 'begin');
  await lockSchema(connection, schema);
  for (const statement of statements) await executeOnce(connection, statement);
  await executeOnce(connection, 'commit');
}
