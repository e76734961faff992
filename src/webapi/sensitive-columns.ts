import type { FlatQuery } from '../odata/flat-query.ts';
import type { Operation } from '../odata/operation.ts';
import type { Query } from '../odata/query.ts';
import { walkFlatQuery } from '../odata/walk-flat-query.ts';
import { type QueryVisitor, walkQuery } from '../odata/walk-query.ts';

/** Requests that are remembered come with the same query each time: what it looks at is worked out once. */
const known = new WeakMap<object, string>();

/**
 * Sensitive columns (`ColumnDefinition.sensitive`) that a request looks at, for the access log: shown, filtered or sorted by,
 * in whichever table. `table.column`, separated by commas; empty: none.
 */
export function sensitiveColumnsOf(operation: Operation): string {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'retrieveRelated':
    case 'count':
      return remembered(operation.query, (visitor) => walkQuery(operation.query, visitor));
    case 'flat':
      return remembered(operation.query, (visitor) => walkFlatQuery(operation.query, visitor));
    case 'create':
    case 'update': {
      const { representation } = operation;
      return representation === undefined
        ? ''
        : remembered(representation, (visitor) => walkQuery(representation, visitor));
    }
    default:
      return '';
  }
}

function remembered(query: Query | FlatQuery, walk: (visitor: QueryVisitor) => boolean): string {
  const found = known.get(query);
  if (found !== undefined) return found;
  const names = new Set<string>();
  walk({
    table: () => true,
    column: (column) => {
      if (column.sensitive === true) names.add(`${column.table.logicalName}.${column.name}`);
      return true;
    },
    optional: true,
  });
  const text = [...names].sort().join();
  known.set(query, text);
  return text;
}
