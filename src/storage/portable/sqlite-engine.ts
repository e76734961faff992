import type { SqliteFile } from '../sql/sqlite/binding.ts';
import { fileSchema } from '../sql/sqlite/binding.ts';
import { sqliteDialect } from '../sql/sqlite/dialect.ts';
import { sqliteSchemaSession } from '../sql/sqlite/schema-session.ts';
import { identityCounter, inOrder, type PortableEngine } from './portable-database.ts';

/** An SQLite file, for carrying all that is in it. */
export function sqliteEngine(file: SqliteFile): PortableEngine {
  const session = sqliteSchemaSession(file);
  return {
    dialect: sqliteDialect,
    session,
    catalog: async (table) =>
      file
        .rows(`select name, lower(type), pk from pragma_table_info(?1, '${fileSchema}')`, [table])
        .map(([name, type, keyPlace]) => ({
          name: String(name),
          type: String(type),
          keyPlace: Number(keyPlace),
        })),
    async readCounters() {
      const counters = new Map<string, bigint>();
      const tables = await session.tables();
      const read = (sql: string, prefix: string): void => {
        for (const [name, last] of file.rows(sql)) counters.set(`${prefix}${name}`, BigInt(String(last)));
      };
      if (tables.has('portvakt_counter')) {
        read(`select name, cast(value as text) from ${fileSchema}.portvakt_counter`, '');
      }
      if (tables.has('sqlite_sequence')) {
        read(`select name, cast(seq as text) from ${fileSchema}.sqlite_sequence`, identityCounter);
      }
      return inOrder(counters);
    },
    async writeCounter(name, last) {
      if (!name.startsWith(identityCounter)) {
        await session.run(`insert into ${fileSchema}.portvakt_counter (name, value) values (?1, ?2)`, [name, last]);
        return;
      }
      const table = name.slice(identityCounter.length);
      await session.run(`delete from ${fileSchema}.sqlite_sequence where name = ?1`, [table]);
      await session.run(`insert into ${fileSchema}.sqlite_sequence (name, seq) values (?1, ?2)`, [table, last]);
    },
  };
}
