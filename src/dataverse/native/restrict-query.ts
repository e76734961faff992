import type { Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Column, Table } from '../../metadata/table.ts';
import { and, type Condition, equals, type Query } from '../../odata/query.ts';
import { crossesGates } from '../messages.ts';
import type { TableGrant } from '../table-grant.ts';

/**
 * The query over only those rows that the grant reaches, in every table it touches. Refuses a way from a native to a
 * virtual table: rows of those are given out behind the second gate only.
 */
export function restrictQuery(grant: TableGrant, query: Query): Query {
  requireNative(query.table);
  return {
    ...query,
    where: and(query.where && restrictCondition(grant, query.where), grant.filterOf(query.table)),
    expand: query.expand
      .filter(({ optional, navigation }) => optional !== true || navigation.target.kind === 'native')
      .map((each) => ({ ...each, query: restrictQuery(grant, each.query) })),
  };
}

function restrictCondition(grant: TableGrant, condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map((each) => restrictCondition(grant, each)) };
    case 'not':
      return { ...condition, of: restrictCondition(grant, condition.of) };
    case 'through': {
      const { target } = condition.navigation;
      requireNative(target);
      const where = and(restrictCondition(grant, condition.where), grant.filterOf(target));
      return { ...condition, where: where ?? { kind: 'always' } };
    }
    default:
      return condition;
  }
}

/** Refuses tables whose rows the second gate guards. */
export function requireNative(table: Table): void {
  if (table.kind !== 'native') throw new Refusal('table', crossesGates, `from a native table to ${table.logicalName}`);
}

export const hasId = (table: Table, id: Guid): Condition => equals(table.primaryKey, id);

/** A query for a few columns of the rows that meet a condition, for our own use. */
export const plainQuery = (
  table: Table,
  where: Condition | undefined,
  columns: readonly Column[],
  limit: number,
): Query => ({
  table,
  columns,
  where,
  orderBy: [],
  expand: [],
  limit,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
});
