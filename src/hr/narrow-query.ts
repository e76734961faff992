import type { TableGrant } from '../dataverse/table-grant.ts';
import type { Table } from '../metadata/table.ts';
import { and, type Condition, type Query } from '../odata/query.ts';
import { restrictQuery, walkQuery } from '../odata/walk-query.ts';
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
  let denial: Denial | undefined;
  walkQuery(query, {
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

/** Rows of a table that may be read. */
export const rowsOf = (gate: ReadGate, table: Table): Condition | undefined =>
  and(companyFilter(gate.session, table, 'Read'), gate.grant.filterOf(table));
