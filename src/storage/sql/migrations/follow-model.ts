import { messageOf } from '../../../kernel/message-of.ts';
import { DuplicateRows, StorageError } from '../../storage-error.ts';
import {
  addColumn,
  createIndex,
  createTable,
  type IndexSchema,
  schemaHash,
  schemaRecord,
  type TableSchema,
  unwantedIndexes,
} from '../schema.ts';
import { parseSchemaRecord } from './parse-schema-record.ts';
import { readSetting, type SchemaSession, type Target, writeSetting } from './schema-session.ts';

/** Adds the tables, columns and indexes of the model that are missing. Tables and columns are never dropped. */
export async function followModel(
  session: SchemaSession,
  target: Target,
  schemas: readonly TableSchema[],
): Promise<void> {
  const { dialect } = target;
  const recorded = parseSchemaRecord((await readSetting(session, target, 'schema')) ?? '{}');
  checkKinds(recorded, target, schemas);
  const tables = await session.tables();
  for (const schema of schemas) {
    const columns = tables.get(schema.name);
    if (columns === undefined) await session.run(createTable(schema, dialect));
    else await addColumns(session, target, schema, columns);
  }
  await followIndexes(session, target, schemas);
  const record = { ...recorded, ...schemaRecord(schemas) };
  await writeSetting(session, target, 'schema', JSON.stringify(record));
  await writeSetting(session, target, 'schema hash', schemaHash(schemas, dialect));
}

async function addColumns(
  session: SchemaSession,
  { dialect }: Target,
  schema: TableSchema,
  existing: ReadonlySet<string>,
): Promise<void> {
  for (const column of schema.columns) {
    if (!existing.has(column.name)) await session.run(addColumn(schema, column, dialect));
  }
}

/** A column whose values would be read as something else is refused: that change needs a migration of its own. */
function checkKinds(
  recorded: ReturnType<typeof schemaRecord>,
  { place }: Target,
  schemas: readonly TableSchema[],
): void {
  for (const [table, columns] of Object.entries(schemaRecord(schemas))) {
    for (const [column, kind] of Object.entries(columns)) {
      const before = recorded[table]?.[column];
      if (before !== undefined && before !== kind) {
        throw new StorageError(
          `${place} holds \`${table}.${column}\` as ${before}, the model says ${kind}: the program lacks a migration`,
        );
      }
    }
  }
}

/** Makes the indexes that are missing and drops those of ours that the model no longer asks for. */
async function followIndexes(session: SchemaSession, target: Target, schemas: readonly TableSchema[]): Promise<void> {
  const { dialect } = target;
  const existing = await session.indexes();
  for (const name of unwantedIndexes(existing, schemas)) await session.run(`drop index ${dialect.table(name)}`);
  for (const schema of schemas) {
    for (const index of schema.indexes.filter(({ name }) => !existing.has(name))) {
      // Reads are right without it: it is made while they go on (`postgres/index-keeper.ts`).
      if (!index.unique && (await session.isLarge?.(schema.name)) === true) continue;
      await session.run(createIndex(schema, index, dialect)).catch((error: unknown) => {
        throw indexFailure(target, schema, index, error);
      });
    }
  }
}

/** Why an index cannot be made: of a unique one, that rows have the same values. */
export function indexFailure(
  { place }: Pick<Target, 'place'>,
  { name }: TableSchema,
  index: IndexSchema,
  error: unknown,
): StorageError {
  const columns = index.key.map((column) => column.name);
  const message = `${place}: no index on ${name} (${columns.join(', ')}): ${messageOf(error)}`;
  return index.unique ? new DuplicateRows(message, name, columns, error) : new StorageError(message, error);
}
