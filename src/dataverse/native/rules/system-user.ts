import type { BusinessUnitId, Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import { equals } from '../../../odata/query.ts';
import type { Row } from '../../../odata/row-store.ts';
import { roleTemplates } from '../../application-user.ts';
import {
  accessModeNeedsAdministrator,
  applicationExists,
  applicationUnknown,
  applicationUserFixed,
  invalidOperation,
  notImplemented,
} from '../../messages.ts';
import { lastAdministratorDisabled, lastAdministratorRemoved, userOwnsRows } from '../../rule-messages.ts';
import { findGuid, getColumn, isTrue } from '../../security-rows.ts';
import { requireAdministrator } from '../administrators.ts';
import { joinDefaultTeam, leaveDefaultTeam } from '../default-team.ts';
import { fillFromDirectory, nonInteractive } from '../fill-from-directory.ts';
import { requireNamed } from '../held-privileges.ts';
import { clearLookups, removeLinks } from '../links.ts';
import type { Draft, NativeTable, WriteContext } from '../native-table.ts';
import { findOwnedTable } from '../owned-rows.ts';
import { moveOwnedRows } from '../ownership.ts';
import { requireOpenUnit } from './business-unit.ts';

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
      const unit = draft.get(getColumn(context.table, 'businessunitid'));
      if (typeof unit === 'string') await requireOpenUnit(context, parseUnit(unit));
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
      const unit = changes.get(getColumn(context.table, 'businessunitid'));
      if (unit === undefined) return;
      requireNamed(context.grant, 'prvReparentUser');
      if (typeof unit === 'string') await requireOpenUnit(context, parseUnit(unit));
    },
    async finish(context, row, changes) {
      const unit = changes.get(getColumn(context.table, 'businessunitid'));
      if (typeof unit === 'string') await moveUser(context, row, parseUnit(unit));
      if (changes.get(getColumn(context.table, 'isdisabled')) !== true) return;
      await requireAdministrator(context.rows, context.deps.model, lastAdministratorDisabled);
    },
  },
  remove: {
    async prepare({ rows, table, deps: { model } }, row) {
      if (!isTrue(row, getColumn(table, 'isdisabled'))) {
        throw new Refusal('run', invalidOperation('An enabled user cannot be deleted. Disable the user first.'));
      }
      const owned = await findOwnedTable(rows, model, 'ownerid', row.id);
      if (owned !== undefined) throw new Refusal('run', userOwnsRows(owned));
      await removeLinks(rows, model, 'systemuserroles', { systemuserid: row.id });
      await removeLinks(rows, model, 'teammembership', { systemuserid: row.id });
      await clearLookups(rows, model, 'systemuser', 'parentsystemuserid', row.id);
      await clearLookups(rows, model, 'team', 'administratorid', row.id);
    },
  },
};

/** In another unit a user has other rows in reach, the default team of that unit, and no role until one is given (3.1). */
async function moveUser(context: WriteContext, row: Row, unit: BusinessUnitId): Promise<void> {
  const { rows, deps } = context;
  await leaveDefaultTeam(scopeOf(context), row.id, unitOf(context, row));
  await joinDefaultTeam(scopeOf(context), row.id, unit);
  await moveOwnedRows(context, row.id, unit);
  const lost = await removeLinks(rows, deps.model, 'systemuserroles', { systemuserid: row.id });
  if (lost > 0) await requireAdministrator(rows, deps.model, lastAdministratorRemoved);
}

async function refuseSecondUser({ rows, table }: WriteContext, clientId: string): Promise<void> {
  const known = await rows.list(table, equals(getColumn(table, 'applicationid'), clientId), 1);
  if (known.length > 0) throw new Refusal('run', applicationExists(clientId));
}

function checkAccessMode({ grant, table }: WriteContext, draft: Draft, before: unknown): void {
  const mode = draft.get(getColumn(table, 'accessmode'));
  if (mode === undefined || mode === before || grant.user.isSystemAdministrator) return;
  const data = { role: roleTemplates.systemAdministrator.name };
  throw new Refusal('table', accessModeNeedsAdministrator).because({ condition: 'roles', data });
}

const scopeOf = ({ rows, deps }: WriteContext) => ({ rows, model: deps.model });

function unitOf({ table }: WriteContext, row: Row): BusinessUnitId {
  const unit = findGuid<BusinessUnitId>(row, getColumn(table, 'businessunitid'));
  if (unit === undefined) throw new TypeError(`user ${row.id} has no business unit`);
  return unit;
}

/** Values of lookups are canonical when they come out of the parser. */
const parseUnit = (value: string): BusinessUnitId => value as Guid as BusinessUnitId;
