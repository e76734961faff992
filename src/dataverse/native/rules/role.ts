import { Refusal } from '../../../kernel/refusal.ts';
import type { Row } from '../../../odata/row-store.ts';
import { roleTemplates } from '../../application-user.ts';
import { invalidOperation } from '../../messages.ts';
import { findGuid, getColumn, isTrue } from '../../security-rows.ts';
import { removeLinks } from '../links.ts';
import type { NativeTable, WriteContext } from '../native-table.ts';

/** Security roles (dataverse-web-api 3.1 and 3.5). Copies in child business units are not made yet. */
export const roleRules: NativeTable = {
  logicalName: 'role',
  create: {
    async fill({ table }, draft) {
      // A role that is no copy is its own root.
      draft.set(getColumn(table, 'parentrootroleid'), draft.get(table.primaryKey) ?? null);
    },
  },
  update: {
    async check(context, row, changes) {
      requireChangeable(context, row);
      const isManaged = isTrue(row, getColumn(context.table, 'ismanaged'));
      if (isManaged && changes.has(getColumn(context.table, 'name'))) {
        throw new Refusal('run', invalidOperation('The name of a managed role cannot be changed.'));
      }
    },
  },
  remove: {
    async prepare(context, row) {
      requireChangeable(context, row);
      const { rows, table, deps } = context;
      if (isTrue(row, getColumn(table, 'ismanaged')) || !isTrue(row, getColumn(table, 'canbedeleted'))) {
        throw new Refusal('run', invalidOperation('A managed role cannot be deleted.'));
      }
      for (const intersect of ['roleprivileges', 'systemuserroles', 'teamroles']) {
        await removeLinks(rows, deps.model, intersect, { roleid: row.id });
      }
    },
  },
};

/** System Administrator is everything, always: the role cannot be changed (3.6). */
export function requireChangeable({ table }: Pick<WriteContext, 'table'>, row: Row): void {
  if (findGuid(row, getColumn(table, 'roletemplateid')) !== roleTemplates.systemAdministrator.id) return;
  throw new Refusal('run', invalidOperation('The role System Administrator cannot be changed.'));
}
