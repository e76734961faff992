import type { TableGrant } from '../dataverse/table-grant.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { FlatQuery, Output } from '../odata/flat-query.ts';
import { and, type Condition, type Query } from '../odata/query.ts';
import { pruneDisplays, restrictFlatQuery, seesDisplay, walkFlatQuery } from '../odata/walk-flat-query.ts';
import { type QueryVisitor, restrictQuery, walkQuery } from '../odata/walk-query.ts';
import { checkColumn, checkLevel, companyFilter, policyFilter, restrictedColumns } from './access-checks.ts';
import type { Denial, HrSession } from './hr-session.ts';
import type { HrLevel } from './level.ts';
import { withholdColumns, withholdFlatColumns } from './withhold-columns.ts';

/** What the second gate takes from the first: the operation, and the rows that gate one left of a table. */
export type GateOne = Pick<TableGrant, 'operation' | 'filterOf'>;

/** Both gates, for reading. */
export interface ReadGate {
  readonly session: HrSession;
  readonly grant: GateOne;
}

/**
 * What the query would read and the user may not: the first table, its own or one in a filter, an order or an expand; then
 * the first column that is named anywhere. Columns that are given only because none was named are withheld instead.
 */
export function findReadDenial(session: HrSession, query: Query): Denial | undefined {
  return denialOf(session, (visitor) => walkQuery(withholdColumns(session, query), visitor));
}

/** As `findReadDenial`, for joined rows and groups. */
export function findFlatDenial(session: HrSession, query: FlatQuery): Denial | undefined {
  return denialOf(session, (visitor) => walkFlatQuery(withholdFlatColumns(session, query), visitor));
}

function denialOf(session: HrSession, walk: (visitor: QueryVisitor) => boolean): Denial | undefined {
  let denial: Denial | undefined;
  let hasRestricted = false;
  walk({
    table: (table) => {
      denial = checkLevel(session, table, 'Read');
      hasRestricted ||= restrictedColumns(session, table, 'Read').size > 0;
      return denial === undefined;
    },
  });
  if (denial !== undefined || !hasRestricted) return denial;
  const column = (each: Column): boolean => {
    denial = checkColumn(session, each, 'Read');
    return denial === undefined;
  };
  walk({ table: () => true, column });
  return denial;
}

/**
 * The same query over only those rows and values that the user may see, in every table it touches. Optional expands that
 * the user may not read are left out. INVARIANT: `findReadDenial` found nothing.
 */
export function narrowQuery(gate: ReadGate, query: Query): Query {
  return restrictQuery(withholdColumns(gate.session, query), {
    rowsOf: (table) => rowsOf(gate, table),
    keeps: (expand) => findReadDenial(gate.session, expand.query) === undefined,
  });
}

/** As `narrowQuery`, for joined rows and groups. INVARIANT: `findFlatDenial` found nothing. */
export function narrowFlatQuery(gate: ReadGate, query: FlatQuery): FlatQuery {
  const keeps = (output: Output): boolean =>
    denialOf(gate.session, (visitor) => seesDisplay(output, visitor)) === undefined;
  const shown = pruneDisplays(withholdFlatColumns(gate.session, query), keeps);
  return restrictFlatQuery(shown, { rowsOf: (table) => rowsOf(gate, table) });
}

/** Rows of a table that may be read. */
export const rowsOf = (gate: ReadGate, table: Table): Condition | undefined =>
  and(reachedRows(gate.session, table, 'Read'), gate.grant.filterOf(table));

/** Steps 17 and 18 for existing rows: those of the legal entities and policies that leave `level` to the user. */
export const reachedRows = (session: HrSession, table: Table, level: HrLevel): Condition | undefined =>
  and(companyFilter(session, table, level), policyFilter(session, table, level));
