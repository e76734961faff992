import type { Model, Table } from './table.ts';

/** Words of a model: names and labels of its tables, columns and navigation properties. What rows hold is none of them. */
export function modelNames(model: Model): ReadonlySet<string> {
  return new Set([...model.tables, ...model.administrationSet.values()].flatMap(namesOf));
}

function namesOf(table: Table): string[] {
  const { logicalName, schemaName, entitySetName, label, entityName = logicalName } = table;
  const columns = table.columns.flatMap((column) => [column.name, column.property, column.label]);
  const type = `Microsoft.Dynamics.CRM.${logicalName}`;
  return [logicalName, schemaName, entitySetName, label, entityName, type, ...columns, ...table.navigation.keys()];
}
