import type { Guid } from '../../kernel/ids.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import { findLookupSide } from '../../metadata/back-navigation.ts';
import type { CollectionNavigation, ManyToManyNavigation, SingleNavigation, Table } from '../../metadata/table.ts';
import type { Operation } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import type { Row } from '../../odata/row-store.ts';
import { lastAdministratorRemoved } from '../rule-messages.ts';
import type { TableGrant } from '../table-grant.ts';
import { requireAdministrator } from './administrators.ts';
import { type LinkContext, type LinkRules, rulesOf } from './link-rules.ts';
import { addLink, type Link, removeLinks } from './links.ts';
import type { NativeDeps } from './native-deps.ts';
import { getReachable } from './reachable.ts';
import { requireNative } from './restrict-query.ts';
import { updateRow, writeNative } from './write-row.ts';

type LinkOperation = Extract<Operation, { kind: 'associate' | 'disassociate' }>;

/** `$ref`: sets or clears a lookup, or links two rows through an intersect table (dataverse-web-api 4.9). */
export async function changeLink(deps: NativeDeps, grant: TableGrant, operation: LinkOperation): Promise<void> {
  const { navigation } = operation;
  requireNative(navigation.target);
  switch (navigation.kind) {
    case 'single':
      return setLookup(deps, grant, operation, navigation);
    case 'collection':
      return setLookupOfTarget(deps, grant, operation, navigation);
    case 'manyToMany':
      return changeLinks(deps, grant, { ...operation, navigation, targetIds: [getTarget(operation)] });
    default:
      return unreachable(navigation);
  }
}

async function setLookup(
  deps: NativeDeps,
  grant: TableGrant,
  operation: LinkOperation,
  navigation: SingleNavigation,
): Promise<void> {
  const id = operation.kind === 'associate' ? (operation.targetId ?? null) : null;
  const named = operation.targetTable;
  await updateRow(deps, grant, operation, {
    table: operation.table,
    id: operation.id,
    values: new Map(),
    binds: [{ navigation, id, ...(named && { table: named }) }],
    mayCreate: false,
    mayUpdate: true,
  });
}

async function setLookupOfTarget(
  deps: NativeDeps,
  grant: TableGrant,
  operation: LinkOperation,
  navigation: CollectionNavigation,
): Promise<void> {
  const { column, target } = navigation;
  const single = findLookupSide(navigation);
  if (single === undefined) throw new TypeError(`lookup ${column.name} has no navigation property`);
  await updateRow(deps, grant, operation, {
    table: target,
    id: getTarget(operation),
    values: new Map(),
    binds: [{ navigation: single, id: operation.kind === 'associate' ? operation.id : null }],
    mayCreate: false,
    mayUpdate: true,
  });
}

function getTarget({ targetId, navigation }: LinkOperation): Guid {
  if (targetId === undefined) throw refuse.badRequest(`a row of '${navigation.target.entitySetName}' must be named`);
  return targetId;
}

/** Rows to be linked to one row through an intersect table, or to be parted from it. */
export interface LinkChange {
  readonly kind: LinkOperation['kind'];
  readonly table: Table;
  readonly id: Guid;
  readonly navigation: ManyToManyNavigation;
  readonly targetIds: readonly Guid[];
}

/**
 * The one place where rows are linked through an intersect table, whatever the request looked like: all of them, or none.
 * Linking what is linked, and unlinking what is not, answer 204 and change nothing: the caller's wish is true, and a
 * set-up script may be run twice. (The real product is not documented for it.)
 */
export async function changeLinks(deps: NativeDeps, grant: TableGrant, change: LinkChange): Promise<void> {
  const { kind, table, id, navigation, targetIds } = change;
  const rules = rulesOf(navigation.intersect);
  const operation = { kind, table, id, navigation, targetId: targetIds[0] };
  await writeNative(deps, grant, operation, 'read', async (rows) => {
    const row = await getReachable({ grant, rows }, table, id, 'read');
    for (const targetId of targetIds) await changeOne({ deps, grant, rows, rules, change, row }, targetId);
    const isTaking = kind === 'disassociate' && navigation.intersect.custom !== true;
    if (isTaking) await requireAdministrator(rows, deps.model, lastAdministratorRemoved);
  });
}

interface OneLink extends Pick<LinkContext, 'deps' | 'grant' | 'rows'> {
  readonly rules: LinkRules;
  readonly change: LinkChange;
  readonly row: Row;
}

async function changeOne({ deps, grant, rows, rules, change, row }: OneLink, targetId: Guid): Promise<void> {
  const { intersect, target, ownColumn, targetColumn } = change.navigation;
  const link: Link = { [ownColumn.name]: change.id, [targetColumn.name]: targetId };
  const context: LinkContext = {
    deps,
    grant,
    rows,
    ends: {
      [ownColumn.name]: row,
      [targetColumn.name]: await getReachable({ grant, rows }, target, targetId, 'read'),
    },
    own: { table: change.table, column: ownColumn.name },
    target: { table: target, column: targetColumn.name },
  };
  if (change.kind === 'associate') {
    await rules.add?.(context);
    await addLink(rows, deps.model, intersect.logicalName, link);
  } else {
    await rules.remove?.(context);
    await removeLinks(rows, deps.model, intersect.logicalName, link);
  }
}
