import type { Column, Table, TableKind } from '../metadata/table.ts';
import { AuthorizedPlan, planKey, type WriteScope } from './authorized-plan.ts';
import type { FlatQuery } from './flat-query.ts';
import type { Condition, Query } from './query.ts';
import { walkFlatQuery } from './walk-flat-query.ts';
import { type QueryVisitor, walkQuery } from './walk-query.ts';

/** Of what kinds the table and those joined to it may be, in whatever part of the query; and no column that is hidden. */
function checkTables(query: Query, root: readonly TableKind[], joined: readonly TableKind[]): void {
  checkKind(query.table, root);
  walkQuery(query, checkOf(joined));
}

function checkFlatTables(query: FlatQuery, root: readonly TableKind[], joined: readonly TableKind[]): void {
  checkKind(query.table, root);
  walkFlatQuery(query, checkOf(joined));
}

const checkOf = (joined: readonly TableKind[]): QueryVisitor => ({
  optional: true,
  table: (table) => {
    checkKind(table, joined);
    return true;
  },
  column: (column) => {
    if (column.hidden === true && column !== column.table.primaryKey) {
      throw new TypeError(`no plan for the hidden column ${column.name} is minted`);
    }
    return true;
  },
  intersect: (table, where) => {
    if (isGuarded(table, where)) return true;
    throw new TypeError(`no plan for unguarded rows of ${table.logicalName} is minted`);
  },
});

/** Are rows of an intersect table looked at only where there is a row at each end that may be looked at? */
function isGuarded(table: Table, where: Condition | undefined): boolean {
  const guarded = guardedColumns(where);
  const ends = table.columns.filter((column) => column.type === 'Guid' && column !== table.primaryKey);
  return ends.every((column) => guarded.includes(column));
}

function guardedColumns(where: Condition | undefined): readonly Column[] {
  if (where?.kind === 'and') return where.of.flatMap(guardedColumns);
  return where?.kind === 'linked' && where.target === where.target.table.primaryKey ? [where.column] : [];
}

function checkKind(table: Table, kinds: readonly TableKind[]): void {
  if (!kinds.includes(table.kind)) throw new TypeError(`no plan for table ${table.logicalName} is minted here`);
}

/** For `hr/`: both gates passed. Native tables may only be joined in (`mshr_dataareaid_id`), after gate one. */
export function mintVirtualRead(query: Query): AuthorizedPlan<Query> {
  checkTables(query, ['virtual'], ['virtual', 'native']);
  return new AuthorizedPlan(planKey, query);
}

/** As `mintVirtualRead`, for joined rows and groups. */
export function mintVirtualFlat(query: FlatQuery): AuthorizedPlan<FlatQuery> {
  checkFlatTables(query, ['virtual'], ['virtual', 'native']);
  return new AuthorizedPlan(planKey, query);
}

/** Rows that a virtual row leads to: both gates passed for that row, and gate one at least for these. */
export function mintRelatedRead(query: Query): AuthorizedPlan<Query> {
  checkTables(query, ['virtual', 'native'], ['virtual', 'native']);
  return new AuthorizedPlan(planKey, query);
}

export function mintVirtualWrite(scope: WriteScope): AuthorizedPlan<WriteScope> {
  checkKind(scope.operation.table, ['virtual']);
  return new AuthorizedPlan(planKey, scope);
}

/** For `hr/`: an administrator of Human Resources under `/data/`. */
export function mintAdministrationRead(query: Query): AuthorizedPlan<Query> {
  checkTables(query, ['administration'], ['administration']);
  return new AuthorizedPlan(planKey, query);
}

export function mintAdministrationWrite(scope: WriteScope): AuthorizedPlan<WriteScope> {
  checkKind(scope.operation.table, ['administration']);
  return new AuthorizedPlan(planKey, scope);
}

/** For `dataverse/`: native tables, gate one alone. */
export function mintNativeRead(query: Query): AuthorizedPlan<Query> {
  checkTables(query, ['native'], ['native']);
  return new AuthorizedPlan(planKey, query);
}

/** As `mintNativeRead`, for joined rows and groups. */
export function mintNativeFlat(query: FlatQuery): AuthorizedPlan<FlatQuery> {
  checkFlatTables(query, ['native'], ['native']);
  return new AuthorizedPlan(planKey, query);
}

export function mintNativeWrite(scope: WriteScope): AuthorizedPlan<WriteScope> {
  checkKind(scope.operation.table, ['native']);
  return new AuthorizedPlan(planKey, scope);
}
