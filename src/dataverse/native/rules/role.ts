import type { Guid } from '../../../kernel/ids.ts';
import { type Problem, Refusal } from '../../../kernel/refusal.ts';
import type { Column } from '../../../metadata/table.ts';
import type { Value } from '../../../odata/query.ts';
import type { Row } from '../../../odata/row-store.ts';
import { roleTemplates } from '../../application-user.ts';
import {
  cannotDeleteManagedRole,
  cannotDeleteSystemAdministrator,
  cannotDeleteSystemCustomizer,
  cannotModifySystemAdministrator,
  inheritedRole,
  managedRoleFixed,
  managedRoleName,
} from '../../rule-messages.ts';
import { findGuid, getColumn, isTrue } from '../../security-rows.ts';
import type { NativeTable, WriteContext } from '../native-table.ts';
import { changeCopies, copyToUnitsBelow, emptyRole, isCopy } from '../role-copies.ts';

/** Columns that a copy has from its root. */
const copiedColumns = ['name', 'isinherited', 'modifiedon'];

/** Security roles, with a copy in each business unit below theirs (dataverse-web-api 3.1 and 3.5). */
export const roleRules: NativeTable = {
  logicalName: 'role',
  create: {
    async fill({ table }, draft) {
      // A role that is no copy is its own root.
      draft.set(getColumn(table, 'parentrootroleid'), draft.get(table.primaryKey) ?? null);
    },
    finish: (context, row) => copyToUnitsBelow(scopeOf(context), row),
  },
  update: {
    async check(context, row, changes) {
      requireChangeable(context, row);
      const isManaged = isTrue(row, getColumn(context.table, 'ismanaged'));
      if (isManaged && changes.has(getColumn(context.table, 'name'))) throw new Refusal('run', managedRoleName);
    },
    async finish(context, row, changes) {
      const copied = copiedColumns.map((name) => getColumn(context.table, name));
      const shared = new Map<Column, Value>([...changes].filter(([column]) => copied.includes(column)));
      await changeCopies(scopeOf(context), row.id, shared);
    },
  },
  remove: {
    async prepare(context, row) {
      requireDeletable(context, row);
      await emptyRole(scopeOf(context), row.id);
    },
  },
};

const scopeOf = ({ rows, deps: { model } }: WriteContext) => ({ rows, model });

type RoleContext = Pick<WriteContext, 'table' | 'deps'>;

const templateOf = ({ table }: RoleContext, row: Row): Guid | undefined =>
  findGuid(row, getColumn(table, 'roletemplateid'));

/**
 * Refuses to change what a role is or gives: System Administrator is everything, always (3.6); a copy is changed at its
 * root; and a managed role only where its managed property says so.
 */
export function requireChangeable(context: RoleContext, row: Row): void {
  if (templateOf(context, row) === roleTemplates.systemAdministrator.id) {
    throw new Refusal('run', cannotModifySystemAdministrator);
  }
  if (isCopy(context.deps.model, row)) throw new Refusal('run', inheritedRole('changed'));
  if (isTrue(row, getColumn(context.table, 'iscustomizable'))) return;
  throw new Refusal('run', managedRoleFixed(row.id, 'Update'));
}

/** Predefined roles whose deletion the product refuses in words of its own. */
const ownWords: Readonly<Record<string, Problem>> = {
  [roleTemplates.systemAdministrator.id]: cannotDeleteSystemAdministrator,
  [roleTemplates.systemCustomizer.id]: cannotDeleteSystemCustomizer,
};

function requireDeletable(context: RoleContext, row: Row): void {
  const own = ownWords[templateOf(context, row) ?? ''];
  if (own !== undefined) throw new Refusal('run', own);
  if (isCopy(context.deps.model, row)) throw new Refusal('run', inheritedRole('deleted'));
  const isManaged = isTrue(row, getColumn(context.table, 'ismanaged'));
  if (isManaged || !isTrue(row, getColumn(context.table, 'canbedeleted'))) {
    throw new Refusal('run', cannotDeleteManagedRole(row.id));
  }
}
