import type { TableGrant } from '../dataverse/table-grant.ts';
import type { Table } from '../metadata/table.ts';
import { and, type Condition, type Expand, type Query } from '../odata/query.ts';
import { checkLevel, companyFilter } from './access-checks.ts';
import type { Denial, HrSession } from './hr-session.ts';

/** What the second gate takes from the first: the operation, and the rows that gate one left of a table. */
export type GateOne = Pick<TableGrant, 'operation' | 'filterOf'>;

/** Both gates, for reading. */
export interface ReadGate {
  readonly session: HrSession;
  readonly grant: GateOne;
}

/** The first table that the query would read and the user may not: its own, in a filter, or in an expand. */
export function findReadDenial(session: HrSession, query: Query): Denial | undefined {
  const own = checkLevel(session, query.table, 'Read') ?? (query.where && findFilterDenial(session, query.where));
  if (own !== undefined) return own;
  for (const expand of query.expand) {
    if (expand.optional) continue;
    const denial = findReadDenial(session, expand.query);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function findFilterDenial(session: HrSession, where: Condition): Denial | undefined {
  switch (where.kind) {
    case 'and':
    case 'or':
      for (const condition of where.of) {
        const denial = findFilterDenial(session, condition);
        if (denial !== undefined) return denial;
      }
      return undefined;
    case 'not':
      return findFilterDenial(session, where.of);
    case 'through':
      return checkLevel(session, where.navigation.target, 'Read') ?? findFilterDenial(session, where.where);
    default:
      return undefined;
  }
}

/**
 * The same query over only those rows that the user may see, in every table it touches. Optional expands that the user
 * may not read are left out. INVARIANT: `findReadDenial` found nothing.
 */
export function narrowQuery(gate: ReadGate, query: Query): Query {
  const where = and(query.where && narrowCondition(gate, query.where), rowsOf(gate, query.table));
  const expand = query.expand.length === 0 ? query.expand : query.expand.flatMap((item) => narrowExpand(gate, item));
  return where === query.where && expand === query.expand ? query : { ...query, where, expand };
}

/** Rows of a table that may be read. */
export const rowsOf = (gate: ReadGate, table: Table): Condition | undefined =>
  and(companyFilter(gate.session, table, 'Read'), gate.grant.filterOf(table));

function narrowExpand(gate: ReadGate, expand: Expand): Expand[] {
  if (expand.optional && findReadDenial(gate.session, expand.query) !== undefined) return [];
  return [{ ...expand, query: narrowQuery(gate, expand.query) }];
}

/** A filter must not tell about rows of another table that the caller may not see. */
function narrowCondition(gate: ReadGate, where: Condition): Condition {
  switch (where.kind) {
    case 'and':
    case 'or': {
      const of = where.of.map((condition) => narrowCondition(gate, condition));
      return of.every((condition, index) => condition === where.of[index]) ? where : { ...where, of };
    }
    case 'not': {
      const of = narrowCondition(gate, where.of);
      return of === where.of ? where : { ...where, of };
    }
    case 'through': {
      const seen = rowsOf(gate, where.navigation.target);
      const inner = and(narrowCondition(gate, where.where), seen) ?? where.where;
      return inner === where.where ? where : { ...where, where: inner };
    }
    default:
      return where;
  }
}
