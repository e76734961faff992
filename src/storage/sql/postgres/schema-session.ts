import type { SchemaSession } from '../migrations/schema-session.ts';
import { type Connection, executeOnce } from './binding.ts';

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
  };
}
