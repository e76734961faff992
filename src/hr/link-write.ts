import { findLookupSide } from '../metadata/back-navigation.ts';
import type { SingleNavigation } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import { equals } from '../odata/query.ts';
import type { RowWrite } from './authorize-write.ts';

type LinkOperation = Extract<Operation, { kind: 'associate' | 'disassociate' }>;

/**
 * The update of one row that a `$ref` call stands for. `undefined` when the lookup behind the navigation may not be
 * written, which the product answers with V9.
 */
export function linkWriteOf(operation: LinkOperation): RowWrite | undefined {
  const { navigation } = operation;
  if (navigation.kind === 'manyToMany' || navigation.column.access === 'read-only') return undefined;
  return navigation.kind === 'single' ? ownLookup(operation, navigation) : lookupOfTarget(operation);
}

/** The row's own lookup is set, or cleared. */
function ownLookup(operation: LinkOperation, navigation: SingleNavigation): RowWrite {
  const id = operation.kind === 'associate' ? (operation.targetId ?? null) : null;
  const bind = { navigation, id };
  return {
    operation: { ...plainUpdate, table: operation.table, id: operation.id, binds: [bind] },
    tie: undefined,
    isLink: true,
  };
}

/** The other row's lookup is set to this row, or cleared where it points to this row. */
function lookupOfTarget(operation: LinkOperation): RowWrite | undefined {
  const { navigation } = operation;
  const single = navigation.kind === 'collection' ? findLookupSide(navigation) : undefined;
  if (single === undefined || operation.targetId === undefined) return undefined;
  const bind = { navigation: single, id: operation.kind === 'associate' ? operation.id : null };
  return {
    operation: { ...plainUpdate, table: single.table, id: operation.targetId, binds: [bind] },
    tie: operation.kind === 'associate' ? undefined : equals(single.column, operation.id),
    isLink: true,
  };
}

const plainUpdate = { kind: 'update', values: new Map(), mayCreate: false, mayUpdate: true } as const;
