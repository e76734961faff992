import type { Guid } from '../kernel/ids.ts';
import { findLookupSide } from '../metadata/back-navigation.ts';
import type { Navigation, SingleNavigation } from '../metadata/table.ts';
import type { CreateOperation, Join, RowTree } from '../odata/operation.ts';
import { refuse } from '../odata/problems.ts';
import type { Passed, RunOperation } from './pass-gates.ts';

/**
 * Deep insert, told as plain operations (dataverse-web-api 4.8): rows that the new row points to are made before it, rows
 * that point to it after it, and rows that are there are joined at the end. Each passes both gates by itself.
 *
 * @param root the new row itself, whose result is the answer
 */
export async function makeTree(root: CreateOperation, tree: RowTree, run: RunOperation): Promise<Passed> {
  const joins = await makeBefore(tree, run);
  const made = await run(withJoins(root, joins));
  const id = idOf(made);
  await makeAfter(tree, id, run);
  if (root.representation === undefined) return made;
  // Rows nested in it are there only now.
  const { result } = await run({ kind: 'retrieve', query: root.representation, id });
  return result.kind === 'row' ? { ...made, result: { kind: 'created', id, row: result.row } } : made;
}

/** Lookups of a native row are set like any others; those of a virtual one may be read-only for callers. */
function withJoins(create: CreateOperation, joins: readonly Join[]): CreateOperation {
  if (joins.length === 0) return create;
  return create.table.kind === 'virtual' ? { ...create, joins } : { ...create, binds: [...create.binds, ...joins] };
}

async function makeRow(tree: RowTree, more: readonly Join[], run: RunOperation): Promise<Guid> {
  const joins = [...(await makeBefore(tree, run)), ...more];
  const { table, values, binds } = tree;
  const given = new Set(joins.map(({ navigation }) => navigation.column));
  if (given.size < joins.length || binds.some(({ navigation }) => given.has(navigation.column))) {
    throw refuse.payload(table.entitySetName, 'a nested row points to the row around it, and to another one as well.');
  }
  const id = idOf(await run(withJoins({ kind: 'create', table, values, binds }, joins)));
  await makeAfter(tree, id, run);
  return id;
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
  const [theirs, ours] = [outer.table.company, row.table.company];
  const company = theirs && outer.values.get(theirs);
  if (ours === undefined || typeof company !== 'string' || row.values.has(ours)) return row;
  return { ...row, values: new Map([...row.values, [ours, company]]) };
}
