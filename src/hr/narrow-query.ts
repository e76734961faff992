import type { TableGrant } from '../dataverse/table-grant.ts';
import type { Table } from '../metadata/table.ts';
import type { FlatQuery, Output } from '../odata/flat-query.ts';
import { and, type Condition, type Query } from '../odata/query.ts';
import { pruneDisplays, restrictFlatQuery, seesDisplay, walkFlatQuery } from '../odata/walk-flat-query.ts';
import { type QueryVisitor, restrictQuery, walkQuery } from '../odata/walk-query.ts';
import { checkLevel, companyFilter } from './access-checks.ts';
import type { Denial, HrSession } from './hr-session.ts';

/** What the second gate takes from the first: the operation, and the rows that gate one left of a table. */
export type GateOne = Pick<TableGrant, 'operation' | 'filterOf'>;

/** Both gates, for reading. */
export interface ReadGate {
  readonly session: HrSession;
  readonly grant: GateOne;
}

/** The first table that the query would read and the user may not: its own, or one in a filter, an order or an expand. */
export function findReadDenial(session: HrSession, query: Query): Denial | undefined {
  return denialOf(session, (visitor) => walkQuery(query, visitor));
}

/** As `findReadDenial`, for joined rows and groups. */
export function findFlatDenial(session: HrSession, query: FlatQuery): Denial | undefined {
  return denialOf(session, (visitor) => walkFlatQuery(query, visitor));
}

function denialOf(session: HrSession, walk: (visitor: QueryVisitor) => boolean): Denial | undefined {
  let denial: Denial | undefined;
  walk({
    table: (table) => {
      denial = checkLevel(session, table, 'Read');
      return denial === undefined;
    },
  });
  return denial;
}

/**
 * The same query over only those rows that the user may see, in every table it touches. Optional expands that the user
 * may not read are left out. INVARIANT: `findReadDenial` found nothing.
 */
export function narrowQuery(gate: ReadGate, query: Query): Query {
  return restrictQuery(query, {
    rowsOf: (table) => rowsOf(gate, table),
    keeps: (expand) => findReadDenial(gate.session, expand.query) === undefined,
  });
}

/** As `narrowQuery`, for joined rows and groups. INVARIANT: `findFlatDenial` found nothing. */
export function narrowFlatQuery(gate: ReadGate, query: FlatQuery): FlatQuery {
  const keeps = (output: Output): boolean =>
    denialOf(gate.session, (visitor) => seesDisplay(output, visitor)) === undefined;
  return restrictFlatQuery(pruneDisplays(query, keeps), { rowsOf: (table) => rowsOf(gate, table) });
}

/** Rows of a table that may be read. */
export const rowsOf = (gate: ReadGate, table: Table): Condition | undefined =>
  and(companyFilter(gate.session, table, 'Read'), gate.grant.filterOf(table));
