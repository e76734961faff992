import { quoteText } from '../sql/names.ts';
import { type Connection, executeOnce } from '../sql/postgres/binding.ts';
import { postgresDialect, sequenceReference } from '../sql/postgres/dialect.ts';
import { postgresSchemaSession } from '../sql/postgres/schema-session.ts';
import { makeSequence } from '../sql/postgres/sequences.ts';
import { identityCounter, inOrder, type PortableEngine, sequenceCounter, versionCounter } from './portable-database.ts';

/** A schema of a PostgreSQL database, for carrying all that is in it. */
export function postgresEngine(connection: Connection, schema: string): PortableEngine {
  const dialect = postgresDialect(schema);
  const session = postgresSchemaSession(connection, schema);
  return {
    dialect,
    session,
    catalog: async (table) =>
      (await session.rows(catalogText, [schema, table])).map(([name, type, keyPlace]) => ({
        name: String(name),
        type: String(type),
        keyPlace: Number(keyPlace),
      })),
    async readCounters() {
      const counters = new Map<string, bigint>();
      for (const [sequence, comment, table] of await session.rows(sequencesText, [schema])) {
        const reference = sequenceReference(schema, String(sequence));
        const [row] = await session.rows(`select last_value::text, is_called from ${reference}`);
        const name = nameOf(String(sequence), comment, table);
        if (row?.[1] === true && name !== undefined) counters.set(name, BigInt(String(row[0])));
      }
      if ((await session.tables()).has('portvakt_counter')) {
        const rows = await session.rows(`select name, value::text from ${dialect.table('portvakt_counter')}`);
        for (const [name, last] of rows) counters.set(`${sequenceCounter}${name}`, BigInt(String(last)));
      }
      return inOrder(counters);
    },
    async writeCounter(name, last) {
      const reference = await sequenceOf(name, last);
      await session.rows(`select setval(${reference}, $1::bigint)`, [last]);
    },
  };

  async function sequenceOf(name: string, last: bigint): Promise<string> {
    if (name === versionCounter) return quoteText(sequenceReference(schema, 'portvakt_row_version'));
    if (name.startsWith(identityCounter)) {
      const [row] = await session.rows(identityText, [schema, name.slice(identityCounter.length)]);
      return quoteText(sequenceReference(schema, String(row?.[0])));
    }
    if (!name.startsWith(sequenceCounter)) throw new TypeError(`there is no counter ${name}`);
    const place = { schema, name: name.slice(sequenceCounter.length), first: last < 1n ? last : 1n };
    return quoteText(await makeSequence((sql) => executeOnce(connection, sql), place));
  }
}

function nameOf(sequence: string, comment: unknown, table: unknown): string | undefined {
  if (sequence === 'portvakt_row_version') return versionCounter;
  if (table !== null) return `${identityCounter}${table}`;
  return comment === null ? undefined : `${sequenceCounter}${comment}`;
}

const catalogText = `select a.attname, format_type(a.atttypid, null), coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0)
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indrelid = c.oid and i.indisprimary
  where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped order by a.attnum`;

/** Sequences of a schema, the names that comments give them, and the tables whose identities they are. */
const sequencesText = `select c.relname, obj_description(c.oid, 'pg_class'), t.relname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
  left join pg_class t on t.oid = d.refobjid
  where n.nspname = $1 and c.relkind = 'S' order by c.relname`;

const identityText = `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
  join pg_class t on t.oid = d.refobjid where n.nspname = $1 and c.relkind = 'S' and t.relname = $2`;
