import type {
  CollectionNavigation,
  Column,
  ManyToManyNavigation,
  Model,
  Navigation,
  Table,
} from '../../../src/metadata/table.ts';
import type { Connection, Who } from '../../support/connection.ts';
import { bodyOf, rowsOf, type WireRow } from '../../support/odata.ts';

/** Tables that random queries are about: of both kinds, joined in all ways. */
const tableNames = [
  'mshr_hcmrecruitingrequestentity',
  'mshr_hcmrecruitingrequestskillentity',
  'mshr_hcmrecruitingrequestpositionentity',
  'mshr_hcmcandidatetohireentity',
  'mshr_hcmjobentity',
  'mshr_hcmskillentity',
  'systemuser',
  'role',
  'businessunit',
  'team',
] as const;

/** All that one user may see, read row by row without any filter, and what hangs together in it. */
export class World {
  readonly tables: readonly Table[];
  readonly #rows: ReadonlyMap<Table, ReadonlyMap<string, WireRow>>;
  readonly #links: ReadonlyMap<string, readonly (readonly [string, string])[]>;

  constructor(
    rows: ReadonlyMap<Table, ReadonlyMap<string, WireRow>>,
    links: ReadonlyMap<string, readonly (readonly [string, string])[]>,
  ) {
    this.#rows = rows;
    this.#links = links;
    this.tables = [...rows.keys()];
  }

  rowsOf(table: Table): readonly WireRow[] {
    return [...(this.#rows.get(table)?.values() ?? [])];
  }

  /** Rows at the other end of a navigation property, as far as the user may see them. */
  related(row: WireRow, navigation: Navigation): readonly WireRow[] {
    const targets = this.#rows.get(navigation.target);
    if (targets === undefined) return [];
    const id = idOf(navigation.table, row);
    if (navigation.kind === 'single') {
      const target = targets.get(String(row[navigation.column.property]));
      return target === undefined ? [] : [target];
    }
    if (navigation.kind === 'collection') return collected(targets.values(), navigation, id);
    const links = this.#links.get(linkName(navigation)) ?? [];
    const ids = links.flatMap(([own, other]) => (own === id ? [other] : []));
    return ids.map((other) => targets.get(other)).filter((other) => other !== undefined);
  }

  /** Navigation properties between tables that the user may read. */
  navigations(table: Table, kind: 'single' | 'many'): readonly Navigation[] {
    const found = [...table.navigation.values()].filter(({ target }) => this.#rows.has(target));
    return found.filter((each) => (each.kind === 'single') === (kind === 'single'));
  }
}

const collected = (rows: Iterable<WireRow>, { column }: CollectionNavigation, id: string): readonly WireRow[] =>
  [...rows].filter((row) => row[column.property] === id);

const linkName = ({ table, name }: ManyToManyNavigation): string => `${table.logicalName}/${name}`;

export const idOf = (table: Table, row: WireRow): string => String(row[table.primaryKey.property]);

/** Columns that queries may name. */
export const shownColumns = (table: Table): readonly Column[] => [...table.property.values()];

/** Reads the world of one user. Links are read as the administrator; both ends must be the user's. */
export async function readWorld(connection: Connection, model: Model, as: Who): Promise<World> {
  const rows = new Map<Table, ReadonlyMap<string, WireRow>>();
  for (const name of tableNames) {
    const table = model.table.get(name);
    if (table === undefined) throw new Error(`no table ${name}`);
    const answer = await connection.api(table.entitySetName, { as });
    if (answer.status !== 200) continue;
    if (bodyOf(answer)['@odata.nextLink'] !== undefined) throw new Error(`${name} has more than a page`);
    rows.set(table, new Map(rowsOf(answer).map((row) => [idOf(table, row), row])));
  }
  return new World(rows, await readLinks(connection, [...rows.keys()]));
}

async function readLinks(
  connection: Connection,
  tables: readonly Table[],
): Promise<ReadonlyMap<string, readonly (readonly [string, string])[]>> {
  const links = new Map<string, (readonly [string, string])[]>();
  for (const table of tables) {
    for (const navigation of table.navigation.values()) {
      if (navigation.kind !== 'manyToMany' || !tables.includes(navigation.target)) continue;
      const key = navigation.target.primaryKey.property;
      const path = `${table.entitySetName}?$select=${table.primaryKey.property}&$expand=${navigation.name}($select=${key})`;
      const found = rowsOf(await connection.api(path, { as: 'admin' })).flatMap((row) =>
        rowsOf(row[navigation.name]).map((other) => [idOf(table, row), String(other[key])] as const),
      );
      links.set(linkName(navigation), found);
    }
  }
  return links;
}
