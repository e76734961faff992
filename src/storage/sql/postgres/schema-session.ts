import type { SchemaSession } from '../migrations/schema-session.ts';
import { quoteName } from '../names.ts';
import { type Connection, executeOnce } from './binding.ts';

/** Bytes of a table from which on its indexes are made while it is in use; one of less takes some hundredths of a second. */
const largeTable = 8 * 1024 * 1024;

/** The catalog of one schema, for migrations. */
export function postgresSchemaSession(connection: Connection, schema: string): SchemaSession {
  return {
    run: async (sql, values) => {
      await executeOnce(connection, sql, values);
    },
    rows: async (sql, values) => executeOnce(connection, sql, values),
    tables: async () => {
      const found = new Map<string, Set<string>>();
      const sql = 'select table_name, column_name from information_schema.columns where table_schema = $1';
      for (const [table, column] of await executeOnce(connection, sql, [schema])) {
        const columns = found.get(String(table)) ?? new Set();
        found.set(String(table), columns.add(String(column)));
      }
      return found;
    },
    indexes: async () => {
      const rows = await executeOnce(connection, 'select indexname from pg_indexes where schemaname = $1', [schema]);
      return new Set(rows.map(([name]) => String(name)));
    },
    isLarge: async (table) => {
      const size =
        'select pg_relation_size(c.oid) from pg_class c where c.relnamespace = $1::regnamespace and c.relname = $2';
      const [row] = await executeOnce(connection, size, [quoteName(schema), table]);
      return Number(row?.[0] ?? 0) >= largeTable;
    },
  };
}
