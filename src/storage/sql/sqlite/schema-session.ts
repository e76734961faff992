import type { SchemaSession } from '../migrations/schema-session.ts';
import { fileSchema, type SqliteFile } from './binding.ts';

const catalog = `${fileSchema}.sqlite_master`;

/** The catalog of an SQLite file, for migrations. */
export function sqliteSchemaSession(file: SqliteFile): SchemaSession {
  return {
    run: async (sql, values = []) => {
      file.prepare(sql).change(values);
    },
    rows: async (sql, values = []) => file.rows(sql, values),
    tables: async () => {
      const found = new Map<string, Set<string>>();
      const sql = `select m.name, c.name from ${catalog} m join pragma_table_xinfo(m.name, '${fileSchema}') c where m.type = 'table'`;
      for (const [table, column] of file.rows(sql)) {
        const columns = found.get(String(table)) ?? new Set();
        found.set(String(table), columns.add(String(column)));
      }
      return found;
    },
    indexes: async () =>
      new Set(file.rows(`select name from ${catalog} where type = 'index'`).map(([name]) => String(name))),
  };
}
