import type { Column, Table } from './table.ts';

/** An alternate key as the metadata lists it. */
export interface AlternateKey {
  readonly table: Table;
  readonly name: string;
  readonly schemaName: string;
  readonly label: string;
  readonly labelNb: string | undefined;
  readonly columns: readonly Column[];
}

/**
 * Keys by which rows of a table are found besides the primary key. A virtual table lists its business key where that is
 * one text column, which the real product does not (rule `virtual-key`); other tables what was defined for them.
 */
export function alternateKeysOf(table: Table): readonly AlternateKey[] {
  if (table.kind === 'virtual') return businessKeyOf(table);
  return (table.keys ?? []).map(({ name, schemaName, label, labelNb, columns }) => ({
    table,
    name,
    schemaName,
    label,
    labelNb,
    columns: columns.flatMap((column) => table.column.get(column) ?? []),
  }));
}

function businessKeyOf(table: Table): readonly AlternateKey[] {
  const [column, other] = table.naturalKey;
  if (column === undefined || other !== undefined || column.type !== 'String') return [];
  const name = `${column.name}_key`;
  return [{ table, name, schemaName: name, label: column.label, labelNb: column.labelNb, columns: [column] }];
}
