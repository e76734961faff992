import { getGuid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import type { Model } from '../../../metadata/table.ts';
import { equals } from '../../../odata/query.ts';
import type { Transaction } from '../../../odata/row-store.ts';
import { insertRow } from '../../insert-row.ts';
import { columnSecurityNotSupported, invalidArgument, invalidOperation } from '../../messages.ts';
import { findGuid, getColumn, getTable } from '../../security-rows.ts';
import { forEachRow, removeLinks } from '../links.ts';
import type { Draft, NativeTable, WriteContext } from '../native-table.ts';

/** The profile that stands for all System Administrators, whose role reads and writes every column. */
const administratorProfile = {
  id: getGuid('572329c1-a042-4e22-be47-367c6374ea45'),
  name: 'System Administrator',
} as const;

/** Makes that profile in an environment that does not have it. */
export async function addAdministratorProfile(rows: Transaction, model: Model): Promise<void> {
  const { id, name } = administratorProfile;
  if ((await rows.get(getTable(model, 'fieldsecurityprofile'), id)) !== undefined) return;
  const description = 'All System Administrators, with every permission on every column. Kept by the system.';
  await insertRow(rows, model, 'fieldsecurityprofile', {
    fieldsecurityprofileid: id,
    name,
    description,
    ismanaged: true,
  });
}

/** Profiles of column security (dataverse-web-api 3.7). */
export const fieldSecurityProfileRules: NativeTable = {
  logicalName: 'fieldsecurityprofile',
  create: { fill: async () => undefined },
  update: { check: async (_context, row) => requireOpen(row.id) },
  remove: {
    async prepare({ rows, deps: { model } }, row) {
      requireOpen(row.id);
      for (const intersect of ['systemuserprofiles', 'teamprofiles']) {
        await removeLinks(rows, model, intersect, { fieldsecurityprofileid: row.id });
      }
      const permissions = getTable(model, 'fieldpermission');
      const own = equals(getColumn(permissions, 'fieldsecurityprofileid'), row.id);
      await forEachRow(rows, permissions, own, ({ id }) => rows.delete(permissions, id));
    },
  },
};

/** What profiles allow. */
export const fieldPermissionRules: NativeTable = {
  logicalName: 'fieldpermission',
  create: {
    async fill(context, draft) {
      const profile = draft.get(getColumn(context.table, 'fieldsecurityprofileid'));
      if (typeof profile === 'string') requireOpen(profile);
      requireSecured(context, draft);
    },
  },
  update: {
    async check({ table }, row) {
      requireOpen(findGuid(row, getColumn(table, 'fieldsecurityprofileid')) ?? '');
    },
  },
  remove: { prepare: async () => undefined },
};

/** Everybody who is a System Administrator is in that profile, and nobody else. */
export function requireOpen(profile: string): void {
  if (profile !== administratorProfile.id) return;
  throw new Refusal('run', invalidOperation('The profile System Administrator is kept by the system.'));
}

/** Permissions are for secured columns. */
function requireSecured({ table, deps: { model } }: WriteContext, draft: Draft): void {
  const text = (name: string): string => String(draft.get(getColumn(table, name)) ?? '');
  const [tableName, name] = [text('entityname'), text('attributelogicalname')];
  const named = model.table.get(tableName);
  if (named?.kind === 'virtual') throw new Refusal('run', columnSecurityNotSupported(named));
  if (named?.column.get(name)?.secured === true) return;
  throw new Refusal('run', invalidArgument(`There is no secured column '${name}' of entity '${tableName}'.`));
}
