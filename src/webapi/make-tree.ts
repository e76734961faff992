import type { Guid } from '../kernel/ids.ts';
import { findLookupSide } from '../metadata/back-navigation.ts';
import type { Navigation, SingleNavigation } from '../metadata/table.ts';
import { emptyQuery } from '../odata/bind-shape.ts';
import type { Composite, CreateOperation, Join, RowTree } from '../odata/operation.ts';
import { refuse } from '../odata/problems.ts';
import type { Passed, RunOperation } from './pass-gates.ts';

/** A row to be made with those around it. */
export interface TreeToMake extends Omit<Extract<Composite, { kind: 'tree' }>, 'kind'> {
  /** The new row itself, whose result is the answer. */
  readonly root: CreateOperation;
}

/** How the row itself is made, and how everything else is done. */
export interface TreeRunners {
  readonly root: RunOperation;
  readonly others: RunOperation;
}

/**
 * Deep insert, told as plain operations (dataverse-web-api 4.8): rows that the new row points to are made before it, rows
 * that point to it after it, and rows that are there are joined at the end. Each passes both gates by itself.
 */
export async function makeTree({ root, tree: given, parent }: TreeToMake, runners: TreeRunners): Promise<Passed> {
  const run = runners.others;
  const under = parent && (await findParent(parent, given, run));
  const tree = under?.tree ?? given;
  const joins = [...(await makeBefore(tree, run)), ...(under?.joins ?? [])];
  refuseJoinedTwice(tree, joins);
  const made = await runners.root(withJoins({ ...root, values: tree.values }, joins));
  const id = idOf(made);
  await makeAfter(tree, id, run);
  if (parent?.navigation.kind === 'manyToMany') {
    const { navigation } = parent;
    await run({ kind: 'associate', table: navigation.table, id: parent.id, navigation, targetId: id });
  }
  if (root.representation === undefined) return made;
  // Rows nested in it are there only now.
  const { result } = await run({ kind: 'retrieve', query: root.representation, id });
  return result.kind === 'row' ? { ...made, result: { kind: 'created', id, row: result.row } } : made;
}

type Parent = NonNullable<TreeToMake['parent']>;

/**
 * The row under whose collection a new one is posted: it must be one that the caller may read. The new row points to it,
 * and goes to its legal entity unless it names another.
 */
async function findParent(
  { navigation, id }: Parent,
  tree: RowTree,
  run: RunOperation,
): Promise<{ readonly tree: RowTree; readonly joins: readonly Join[] }> {
  const { table } = navigation;
  const columns = table.company === undefined ? [table.primaryKey] : [table.primaryKey, table.company];
  const { result } = await run({ kind: 'retrieve', query: { ...emptyQuery(table), columns }, id }); // 404
  const row: unknown = result.kind === 'row' && result.row !== undefined ? JSON.parse(result.row) : {};
  const company = table.company && (row as Readonly<Record<string, unknown>>)[table.company.property];
  const back = navigation.kind === 'collection' ? findLookupSide(navigation) : undefined;
  return { tree: inCompany(tree, company), joins: back === undefined ? [] : [{ navigation: back, id }] };
}

/** Lookups of a native row are set like any others; those of a virtual one may be read-only for callers. */
function withJoins(create: CreateOperation, joins: readonly Join[]): CreateOperation {
  if (joins.length === 0) return create;
  return create.table.kind === 'virtual' ? { ...create, joins } : { ...create, binds: [...create.binds, ...joins] };
}

async function makeRow(tree: RowTree, more: readonly Join[], run: RunOperation): Promise<Guid> {
  const joins = [...(await makeBefore(tree, run)), ...more];
  const { table, values, binds } = tree;
  refuseJoinedTwice(tree, joins);
  const id = idOf(await run(withJoins({ kind: 'create', table, values, binds }, joins)));
  await makeAfter(tree, id, run);
  return id;
}

function refuseJoinedTwice({ table, binds }: RowTree, joins: readonly Join[]): void {
  const given = new Set(joins.map(({ navigation }) => navigation.column));
  if (given.size < joins.length || binds.some(({ navigation }) => given.has(navigation.column))) {
    throw refuse.payload(table.entitySetName, 'a nested row points to the row around it, and to another one as well.');
  }
}

function idOf({ result }: Passed): Guid {
  if (result.kind !== 'created') throw new TypeError('a create made no row');
  return result.id;
}

const isSingle = (navigation: Navigation): navigation is SingleNavigation => navigation.kind === 'single';

async function makeBefore(tree: RowTree, run: RunOperation): Promise<readonly Join[]> {
  const joins: Join[] = [];
  for (const { navigation, rows } of tree.branches) {
    const [row] = rows;
    if (!isSingle(navigation) || row === undefined) continue;
    joins.push({ navigation, id: await makeRow(inCompanyOf(tree, row), [], run) });
  }
  return joins;
}

async function makeAfter(tree: RowTree, id: Guid, run: RunOperation): Promise<void> {
  const { table } = tree;
  for (const { navigation, rows } of tree.branches) {
    if (isSingle(navigation)) continue;
    const back = navigation.kind === 'collection' ? findLookupSide(navigation) : undefined;
    for (const row of rows) {
      const made = await makeRow(inCompanyOf(tree, row), back === undefined ? [] : [{ navigation: back, id }], run);
      if (back === undefined) await run({ kind: 'associate', table, id, navigation, targetId: made });
    }
  }
  for (const { navigation, ids } of tree.links) {
    for (const targetId of ids) await run({ kind: 'associate', table, id, navigation, targetId });
  }
}

/** A nested row that names no legal entity goes to the one that the row around it names. */
function inCompanyOf(outer: RowTree, row: RowTree): RowTree {
  return inCompany(row, outer.table.company && outer.values.get(outer.table.company));
}

function inCompany(row: RowTree, company: unknown): RowTree {
  const ours = row.table.company;
  if (ours === undefined || typeof company !== 'string' || row.values.has(ours)) return row;
  return { ...row, values: new Map([...row.values, [ours, company]]) };
}
