import type { Column, Table } from '../../../metadata/table.ts';
import { and, type Condition, equals, type Order, type Value } from '../../../odata/query.ts';

/** The order of a query with the primary key behind, so that no two rows have the same place. */
export function completeOrder(table: Table, orderBy: readonly Order[]): readonly Order[] {
  const hasKey = orderBy.some(({ column, through }) => column === table.primaryKey && (through ?? []).length === 0);
  return hasKey ? orderBy : [...orderBy, { column: table.primaryKey, descending: false }];
}

/** Rows behind a place in the order. Rows without a value come first when ascending, last when descending. */
export function behind(order: readonly Order[], place: readonly Value[]): Condition {
  const of = order.map(({ column, descending }, index): Condition => {
    const same = order.slice(0, index).map((each, at) => equals(each.column, place[at] ?? null));
    return and(...same, beyond(column, descending, place[index] ?? null)) ?? { kind: 'never' };
  });
  return { kind: 'or', of };
}

function beyond(column: Column, descending: boolean, value: Value): Condition {
  if (!descending) {
    return { kind: 'compare', op: value === null ? 'ne' : 'gt', column, value };
  }
  if (value === null) return { kind: 'never' };
  return { kind: 'or', of: [{ kind: 'compare', op: 'lt', column, value }, equals(column, null)] };
}
