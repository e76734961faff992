import type { NumberedDefinitions, Reshaping, Retired } from '../../database.ts';
import { keyNames, quoteName } from '../names.ts';
import type { SchemaRecord } from '../schema.ts';
import { followModel } from './follow-model.ts';
import { parseSchemaRecord } from './parse-schema-record.ts';
import { parameters, readSetting, type SchemaSession, type Target, writeSetting } from './schema-session.ts';

/** Definitions that are kept beside the data. */
export async function readDefinitions(session: SchemaSession, target: Target): Promise<NumberedDefinitions> {
  const table = target.dialect.table('portvakt_definition');
  const rows = await session.rows(`select name, value from ${table} order by name`);
  const number = Number((await readSetting(session, target, numberSetting)) ?? 0);
  return { number, definitions: new Map(rows.map(([name, value]) => [String(name), String(value)])) };
}

/** Counts the changes of definitions. */
const numberSetting = 'definitions number';

/** Brings the data to another shape, inside a transaction. What is retired is noted only. */
export async function changeShape(
  session: SchemaSession,
  target: Target,
  { definitions, retired }: Omit<Reshaping, 'tables'>,
): Promise<void> {
  const { dialect } = target;
  for (const [name, value] of definitions) {
    await session.run(`delete from ${dialect.table('portvakt_definition')} where name = ${parameters(target, 1)}`, [
      name,
    ]);
    if (value === null) continue;
    await session.run(
      `insert into ${dialect.table('portvakt_definition')} (name, value) values (${parameters(target, 2)})`,
      [name, value],
    );
  }
  for (const { table, column = '' } of retired) {
    await session.run(
      `insert into ${dialect.table('portvakt_retired')} (table_name, column_name) values (${parameters(target, 2)})`,
      [table, column],
    );
  }
  const changed = await readDefinitions(session, target);
  await writeSetting(session, target, numberSetting, String(changed.number + 1));
  await followModel(session, target, target.schemasOf(changed.definitions));
}

/** Drops what was retired, inside a transaction. Gives whether there was anything. */
export async function dropRetired(session: SchemaSession, target: Target): Promise<boolean> {
  const { dialect } = target;
  const rows = await session.rows(`select table_name, column_name from ${dialect.table('portvakt_retired')}`);
  if (rows.length === 0) return false;
  let record = parseSchemaRecord((await readSetting(session, target, 'schema')) ?? '{}');
  for (const [table, column] of rows) {
    const retired = { table: String(table), ...(column === '' ? {} : { column: String(column) }) };
    await drop(session, target, retired);
    record = without(record, retired);
  }
  await session.run(`delete from ${dialect.table('portvakt_retired')}`);
  await writeSetting(session, target, 'schema', JSON.stringify(record));
  return true;
}

async function drop(session: SchemaSession, { dialect }: Target, { table, column }: Retired): Promise<void> {
  const columns = (await session.tables()).get(table);
  if (columns === undefined) return;
  if (column === undefined) await session.run(`drop table ${dialect.table(table)}`);
  else {
    for (const name of storedNames(column).filter((each) => columns.has(each))) {
      await session.run(`alter table ${dialect.table(table)} drop column ${quoteName(name)}`);
    }
  }
}

/** A column, and the keys of its text if it has any. */
const storedNames = (column: string): readonly string[] => [column, ...keyNames(column)];

function without(record: SchemaRecord, { table, column }: Retired): SchemaRecord {
  const names = column === undefined ? [] : storedNames(column);
  const columns = Object.entries(record[table] ?? {}).filter(([name]) => !names.includes(name));
  const others = Object.entries(record).filter(([name]) => name !== table);
  return Object.fromEntries(column === undefined ? others : [...others, [table, Object.fromEntries(columns)]]);
}
