import type { BusinessUnitId, Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import { equals } from '../../../odata/query.ts';
import {
  accessModeNeedsAdministrator,
  applicationExists,
  applicationUnknown,
  applicationUserFixed,
  invalidOperation,
  notImplemented,
} from '../../messages.ts';
import { findGuid, getColumn, isTrue } from '../../security-rows.ts';
import { requireAdministrator } from '../administrators.ts';
import { joinDefaultTeam, leaveDefaultTeam } from '../default-team.ts';
import { fillFromDirectory, nonInteractive } from '../fill-from-directory.ts';
import { requireNamed } from '../held-privileges.ts';
import { clearLookups, removeLinks } from '../links.ts';
import type { Draft, NativeTable, WriteContext } from '../native-table.ts';
import { moveOwnedRows } from '../ownership.ts';

/** Set when the application user is created, fixed from then on (dataverse-web-api 2.3). */
const fixedColumns = ['applicationid', 'applicationiduri', 'azureactivedirectoryobjectid'];

/** Application users (dataverse-web-api 2.1 and 2.3). People come from the directory, which is not built. */
export const systemUserRules: NativeTable = {
  logicalName: 'systemuser',
  create: {
    async fill(context, draft) {
      const clientId = draft.get(getColumn(context.table, 'applicationid'));
      if (typeof clientId !== 'string') {
        throw new Refusal('run', notImplemented('creating a user without `applicationid`'));
      }
      const { application } = context;
      if (application === undefined) throw new Refusal('run', applicationUnknown(clientId));
      await refuseSecondUser(context, clientId);
      fillFromDirectory(context.table, draft, application);
      checkAccessMode(context, draft, nonInteractive);
    },
    finish: (context, row) => joinDefaultTeam(scopeOf(context), row.id, unitOf(context, row)),
  },
  update: {
    async check(context, row, changes) {
      for (const name of fixedColumns) {
        if (changes.has(getColumn(context.table, name))) throw new Refusal('run', applicationUserFixed(name));
      }
      checkAccessMode(context, changes, row.values.get(getColumn(context.table, 'accessmode')) ?? null);
      if (changes.has(getColumn(context.table, 'isdisabled'))) requireNamed(context.grant, 'prvDisableUser');
      if (changes.has(getColumn(context.table, 'businessunitid'))) requireNamed(context.grant, 'prvReparentUser');
    },
    async finish(context, row, changes) {
      const unit = changes.get(getColumn(context.table, 'businessunitid'));
      if (typeof unit === 'string') {
        await leaveDefaultTeam(scopeOf(context), row.id, unitOf(context, row));
        await joinDefaultTeam(scopeOf(context), row.id, parseUnit(unit));
        await moveOwnedRows(context, row.id, parseUnit(unit));
      }
      await requireAdministrator(context.rows, context.deps.model);
    },
  },
  remove: {
    async prepare({ rows, table, deps: { model } }, row) {
      if (!isTrue(row, getColumn(table, 'isdisabled'))) {
        throw new Refusal('run', invalidOperation('An enabled user cannot be deleted. Disable the user first.'));
      }
      await removeLinks(rows, model, 'systemuserroles', { systemuserid: row.id });
      await removeLinks(rows, model, 'teammembership', { systemuserid: row.id });
      await clearLookups(rows, model, 'systemuser', 'parentsystemuserid', row.id);
      await clearLookups(rows, model, 'team', 'administratorid', row.id);
    },
    finish: ({ rows, deps }) => requireAdministrator(rows, deps.model),
  },
};

async function refuseSecondUser({ rows, table }: WriteContext, clientId: string): Promise<void> {
  const known = await rows.list(table, equals(getColumn(table, 'applicationid'), clientId), 1);
  if (known.length > 0) throw new Refusal('run', applicationExists(clientId));
}

function checkAccessMode({ grant, table }: WriteContext, draft: Draft, before: unknown): void {
  const mode = draft.get(getColumn(table, 'accessmode'));
  if (mode === undefined || mode === before || grant.user.isSystemAdministrator) return;
  throw new Refusal('table', accessModeNeedsAdministrator);
}

const scopeOf = ({ rows, deps }: WriteContext) => ({ rows, model: deps.model });

function unitOf({ table }: WriteContext, row: Parameters<typeof findGuid>[0]): BusinessUnitId {
  const unit = findGuid<BusinessUnitId>(row, getColumn(table, 'businessunitid'));
  if (unit === undefined) throw new TypeError(`user ${row.id} has no business unit`);
  return unit;
}

/** Values of lookups are canonical when they come out of the parser. */
const parseUnit = (value: string): BusinessUnitId => value as Guid as BusinessUnitId;
