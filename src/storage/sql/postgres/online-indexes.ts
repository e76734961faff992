import type { Dialect } from '../dialect.ts';
import { readDefinitions } from '../migrations/definitions.ts';
import { indexFailure } from '../migrations/follow-model.ts';
import type { SchemaSession, Target } from '../migrations/schema-session.ts';
import { createIndex, type IndexSchema, type TableSchema, unwantedIndexes } from '../schema.ts';
import { type Connection, executeOnce } from './binding.ts';
import { callLock } from './lock.ts';

/** An index that a table lacks, or has only the beginning of: whoever made it was stopped. */
interface Missing {
  readonly table: TableSchema;
  readonly index: IndexSchema;
  readonly isBroken: boolean;
}

/** What is to be done to the indexes of a schema while it is in use. */
export interface IndexWork {
  /** Names that nobody wants any more. */
  readonly unwanted: readonly string[];
  readonly missing: readonly Missing[];
}

const catalogText = `select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = (select oid from pg_namespace where nspname = $1)`;

/** Compares the indexes there are with those of the model. */
export async function findIndexWork(
  session: Pick<SchemaSession, 'rows'>,
  schema: string,
  schemas: readonly TableSchema[],
): Promise<IndexWork> {
  const rows = await session.rows(catalogText, [schema]);
  const isValid = new Map(rows.map(([name, valid]) => [String(name), valid === true]));
  return {
    unwanted: unwantedIndexes(isValid.keys(), schemas),
    missing: schemas.flatMap((table) =>
      table.indexes
        .filter(({ name }) => isValid.get(name) !== true)
        .map((index) => ({ table, index, isBroken: isValid.has(index.name) })),
    ),
  };
}

const dropIndex = (name: string, dialect: Dialect): string =>
  `drop index concurrently if exists ${dialect.table(name)}`;

/** The statements of it, in their order. None of them may run inside a transaction, and none keeps writers waiting. */
export const statementsOf = (
  { unwanted, missing }: IndexWork,
  { dialect }: Pick<Target, 'dialect'>,
): readonly string[] => [
  ...unwanted.map((name) => dropIndex(name, dialect)),
  ...missing.flatMap(({ table, index, isBroken }) => [
    ...(isBroken ? [dropIndex(index.name, dialect)] : []),
    createIndex(table, index, dialect, 'online'),
  ]),
];

const turnOf = (schema: string): string => `portvakt indexes ${schema}`;

/**
 * Takes the turn to change indexes of a schema; false while another process, or what is left of one, has it. Never waits:
 * a statement that waits has a snapshot, which an index that is being built waits for.
 */
export const takeIndexTurn = (connection: Connection, schema: string): Promise<boolean> =>
  callLock(connection, 'pg_try_advisory_lock', turnOf(schema));

export const endIndexTurn = (connection: Connection, schema: string): Promise<unknown> =>
  callLock(connection, 'pg_advisory_unlock', turnOf(schema));

/** Does all of it by the definitions that are stored now. The turn must be ours, and no transaction open. */
export async function buildIndexes(
  connection: Connection,
  { session, schema, target }: { readonly session: SchemaSession; readonly schema: string; readonly target: Target },
): Promise<void> {
  // One look at both: an index that a change of definitions commits between two looks would seem to be nobody's.
  await executeOnce(connection, 'begin isolation level repeatable read read only');
  const { definitions } = await readDefinitions(session, target);
  const work = await findIndexWork(session, schema, target.schemasOf(definitions));
  await executeOnce(connection, 'commit');
  for (const sql of statementsOf(work, target)) await executeOnce(connection, sql);
}

/**
 * Makes unique indexes that a change of definitions will want, where tables are large: the change finds them made.
 * @throws DuplicateRows when rows have the same values; nothing is left of the index then
 */
export async function buildAhead(
  connection: Connection,
  target: Target,
  { missing }: Pick<IndexWork, 'missing'>,
): Promise<void> {
  for (const one of missing) {
    const { table, index } = one;
    try {
      for (const sql of statementsOf({ unwanted: [], missing: [one] }, target)) await executeOnce(connection, sql);
    } catch (error) {
      await executeOnce(connection, dropIndex(index.name, target.dialect)).catch(() => undefined);
      throw indexFailure(target, table, index, error);
    }
  }
}
