import { ShapeRefused, StorageError } from '../../storage-error.ts';
import { quoteName, quoteText } from '../names.ts';
import { type Connection, executeOnce } from './binding.ts';

/** What the role that we are connected as may do. */
export interface Rights {
  readonly role: string;
  /** May it make schemas in this database? */
  readonly makesSchemas: boolean;
  /** Is the schema there? */
  readonly exists: boolean;
  /** May it change tables of the schema? */
  readonly owns: boolean;
  /** Rights on rows that it lacks, such as `usage on schema`; empty where the schema is not there. */
  readonly lacks: readonly string[];
}

/** Rights on rows: what every request needs. */
const rowRights = `select unnest(array['select', 'insert', 'update', 'delete'])`;

const rightsText = `select current_user, has_database_privilege(current_database(), 'create'), n.oid is not null,
    coalesce(pg_has_role(n.nspowner, 'usage'), false), coalesce(has_schema_privilege(n.oid, 'usage'), true),
    array_to_string(array(select distinct r.name || case c.relkind when 'S' then ' on sequences' else ' on tables' end
      from pg_class c, (${rowRights} union all select 'usage') r(name)
      where c.relnamespace = n.oid and c.relkind in ('r', 'S') and (c.relkind = 'S') = (r.name = 'usage')
        and not case c.relkind when 'S' then has_sequence_privilege(c.oid, r.name) else has_table_privilege(c.oid, r.name) end
      order by 1), ',')
  from (select) one left join pg_namespace n on n.nspname = $1`;

/** What the role of this connection may do with a schema. */
export async function readRights(connection: Connection, schema: string): Promise<Rights> {
  const [row] = await executeOnce(connection, rightsText, [schema]);
  const [role, makesSchemas, exists, owns, uses, lacks] = row ?? [];
  return {
    role: String(role),
    makesSchemas: makesSchemas === true,
    exists: exists === true,
    owns: owns === true,
    lacks: [
      ...(uses === false ? ['usage on schema'] : []),
      ...String(lacks ?? '')
        .split(',')
        .filter(Boolean),
    ],
  };
}

/** @throws StorageError with the statements to run, when the role may not read and write all rows of a schema */
export function requireRowRights({ role, exists, lacks }: Rights, schema: string, place: string): void {
  if (!exists || lacks.length === 0) return;
  const [to, name] = [quoteName(role), quoteName(schema)];
  throw new StorageError(
    `${place}: the role ${role} lacks ${lacks.join(', ')}: as the owner, \`grant usage on schema ${name} to ${to}; grant select, insert, update, delete on all tables in schema ${name} to ${to}; grant usage on all sequences in schema ${name} to ${to}\``,
  );
}

/** Somebody else must make or change the tables. */
export const shapeRefused = ({ role, exists }: Rights, place: string, cause?: unknown): ShapeRefused =>
  new ShapeRefused(
    exists
      ? `${place}: its tables must change for this version, and the role ${role} may change rows only: run \`portvakt migrate\` with the owner's URL first`
      : `${place}: it is not there, and the role ${role} may not make it: run \`portvakt init\` with the owner's URL first`,
    role,
    cause,
  );

/** Is it there? Asked before what would make it: even `if not exists` is refused without the right to make. */
export async function relationExists(connection: Connection, reference: string): Promise<boolean> {
  const [row] = await executeOnce(connection, `select to_regclass(${quoteText(reference)}) is not null`);
  return row?.[0] === true;
}
