import type { BusinessUnitId, Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import type { Row } from '../../../odata/row-store.ts';
import { invalidOperation, notImplemented } from '../../messages.ts';
import { getColumn, isTrue } from '../../security-rows.ts';
import { requireAdministrator } from '../administrators.ts';
import { requireNamed } from '../held-privileges.ts';
import { removeLinks } from '../links.ts';
import type { NativeTable, WriteContext } from '../native-table.ts';
import { moveOwnedRows } from '../ownership.ts';

/** Team types that stand for a group of the directory. */
const groupTypes: readonly unknown[] = [2, 3];

/** Owner teams and access teams (dataverse-web-api 3.1). Teams of directory groups are not built. */
export const teamRules: NativeTable = {
  logicalName: 'team',
  create: {
    async fill({ table }, draft) {
      if (groupTypes.includes(draft.get(getColumn(table, 'teamtype')))) {
        throw new Refusal('run', notImplemented('a team of a directory group'));
      }
    },
  },
  update: {
    async check(context, row, changes) {
      requireOwnTeam(context, row, 'changed');
      if (changes.has(getColumn(context.table, 'businessunitid'))) requireNamed(context.grant, 'prvReparentTeam');
    },
    async finish(context, row, changes) {
      const unit = changes.get(getColumn(context.table, 'businessunitid'));
      if (typeof unit === 'string') await moveOwnedRows(context, row.id, parseUnit(unit));
      await requireAdministrator(context.rows, context.deps.model);
    },
  },
  remove: {
    async prepare(context, row) {
      requireOwnTeam(context, row, 'deleted');
      await removeLinks(context.rows, context.deps.model, 'teamroles', { teamid: row.id });
      await removeLinks(context.rows, context.deps.model, 'teammembership', { teamid: row.id });
    },
    finish: ({ rows, deps }) => requireAdministrator(rows, deps.model),
  },
};

function requireOwnTeam({ table }: Pick<WriteContext, 'table'>, row: Row, what: string): void {
  if (!isTrue(row, getColumn(table, 'isdefault'))) return;
  throw new Refusal('run', invalidOperation(`The default team of a business unit cannot be ${what}.`));
}

/** Values of lookups are canonical when they come out of the parser. */
const parseUnit = (value: string): BusinessUnitId => value as Guid as BusinessUnitId;
