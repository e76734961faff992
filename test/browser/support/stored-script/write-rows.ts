import { builtInModel } from '../../../../src/metadata/built-in.ts';
import type { Column, Table } from '../../../../src/metadata/table.ts';
import type { Json, Surface, Writer } from './writer.ts';

/** Rows of a table whose texts are written. Among those of the platform some may not be changed, such as managed roles. */
const rowsOf = ({ kind }: Table): number => (kind === 'native' ? 12 : 2);
const surfaceOf = ({ kind }: Table): Surface => (kind === 'administration' ? 'data' : 'api');

/** Texts that a write may name: nobody but the system sets the others. */
const textsOf = (table: Table): readonly Column[] =>
  [...table.column.values()].filter(
    ({ type, access, hidden }) => (type === 'String' || type === 'Memo') && access !== 'read-only' && hidden !== true,
  );

/**
 * Writes the text into every text column of rows of every table of the model; the directory's have surfaces of their own.
 * Copies come last: a user whose id is the text could be named by other rows, and the administrator's link would be one.
 */
export async function writeRows(writer: Writer): Promise<void> {
  const copied: (() => Promise<void>)[] = [];
  for (const table of builtInModel().tables) {
    const texts = textsOf(table);
    if (table.kind === 'directory' || texts.length === 0) continue;
    const rows = await writer.rows(surfaceOf(table), `${table.entitySetName}?$top=${rowsOf(table)}`);
    for (const row of rows) await writeRow(writer, table, row, texts);
    copied.push(() => copyRow(writer, table, rows[0] ?? {}, rows.length === 0));
  }
  for (const copy of copied) await copy();
}

const fieldOf = (table: Table, { name }: Column): string => `${table.logicalName}.${name}`;

/** What may hold the text in one write; where that is refused, and what is too short, each by itself. */
async function writeRow(writer: Writer, table: Table, row: Json, texts: readonly Column[]): Promise<void> {
  const path = pathOf(table, row);
  const write = async (columns: readonly Column[]): Promise<boolean> => {
    const body = Object.fromEntries(columns.map(({ name }) => [name, writer.text]));
    const answer = await writer.ask(surfaceOf(table), 'PATCH', path, body);
    return writer.note(
      columns.map((column) => fieldOf(table, column)),
      answer,
    );
  };
  // Rows of the platform differ in what may be changed; elsewhere a column that the first row refused, the second one refuses.
  const left = texts.filter((column) => table.kind === 'native' || !writer.refused.has(fieldOf(table, column)));
  const long = left.filter(({ maxLength }) => maxLength >= writer.text.length);
  const isWritten = long.length > 0 && (await write(long));
  for (const column of left) {
    if (!(isWritten && long.includes(column))) await write([column]);
  }
}

/** What is set when a row is made and never again is set by a new row that has what the first one has. */
async function copyRow(writer: Writer, table: Table, row: Json, isOnly: boolean): Promise<void> {
  const texts = textsOf(table).filter(({ access }) => access === 'write-once' || isOnly);
  const isNeeded = ({ name, type, access, requiredOnCreate }: Column): boolean =>
    access === 'read-write' || type !== 'String' || requiredOnCreate || name === table.companyColumn;
  const own = [...table.column.values()].filter(
    (column) => row[column.name] != null && column.access !== 'read-only' && isNeeded(column),
  );
  const body = Object.fromEntries(own.map(({ name }) => [name, row[name]]));
  const write = async (columns: readonly Column[]): Promise<boolean> => {
    const copy = { ...body, ...Object.fromEntries(columns.map(({ name }) => [name, writer.text])) };
    const answer = await writer.ask(surfaceOf(table), 'POST', table.entitySetName, copy);
    return writer.note(
      columns.map((column) => fieldOf(table, column)),
      answer,
    );
  };
  if (texts.length === 0 || (await write(texts))) return;
  for (const column of texts) await write([column]);
}

/** Rows of administration are found by their readable keys, the others by their id. */
function pathOf(table: Table, row: Json): string {
  const keys = table.naturalKey.map(
    ({ name }) => `${name}='${encodeURIComponent(String(row[name]).replaceAll("'", "''"))}'`,
  );
  return `${table.entitySetName}(${table.kind === 'administration' ? keys.join(',') : row[table.primaryKey.name]})`;
}
