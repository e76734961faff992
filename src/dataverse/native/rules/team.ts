import type { BusinessUnitId, Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import type { Row } from '../../../odata/row-store.ts';
import { notImplemented } from '../../messages.ts';
import { defaultTeam, lastAdministratorRemoved, teamOwnsRows } from '../../rule-messages.ts';
import { getColumn, isTrue } from '../../security-rows.ts';
import { requireAdministrator } from '../administrators.ts';
import { removeTeamLinks } from '../default-team.ts';
import { requireNamed } from '../held-privileges.ts';
import { removeLinks } from '../links.ts';
import type { Draft, NativeTable, WriteContext } from '../native-table.ts';
import { findOwnedTable } from '../owned-rows.ts';
import { moveOwnedRows } from '../ownership.ts';
import { requireOpenUnit } from './business-unit.ts';

/** Team types that stand for a group of the directory. */
const groupTypes: readonly unknown[] = [2, 3];

/** Owner teams and access teams (dataverse-web-api 3.1). Teams of directory groups are not built. */
export const teamRules: NativeTable = {
  logicalName: 'team',
  create: {
    async fill(context, draft) {
      const { table, grant } = context;
      if (groupTypes.includes(draft.get(getColumn(table, 'teamtype')))) {
        throw new Refusal('run', notImplemented('a team of a directory group'));
      }
      const administrator = getColumn(table, 'administratorid');
      if (!draft.has(administrator)) draft.set(administrator, grant.user.id);
      await checkUnit(context, draft);
    },
  },
  update: {
    async check(context, row, changes) {
      if (isTrue(row, getColumn(context.table, 'isdefault'))) refuseOnDefaultTeam(context, row, changes);
      if (!changes.has(getColumn(context.table, 'businessunitid'))) return;
      requireNamed(context.grant, 'prvReparentTeam');
      await checkUnit(context, changes);
    },
    async finish(context, row, changes) {
      const { rows, table, deps } = context;
      const unit = changes.get(getColumn(table, 'businessunitid'));
      if (typeof unit !== 'string') return;
      // Roles are of a unit, so a team leaves them behind as a user does.
      await moveOwnedRows(context, row.id, parseUnit(unit));
      const lost = await removeLinks(rows, deps.model, 'teamroles', { teamid: row.id });
      if (lost > 0) await requireAdministrator(rows, deps.model, lastAdministratorRemoved);
    },
  },
  remove: {
    async prepare({ rows, table, deps: { model } }, row) {
      if (isTrue(row, getColumn(table, 'isdefault'))) throw new Refusal('run', defaultTeam.deleted(row.id));
      const owned = await findOwnedTable(rows, model, 'ownerid', row.id);
      if (owned !== undefined) throw new Refusal('run', teamOwnsRows(row.id));
      await removeTeamLinks({ rows, model }, row.id);
    },
    finish: ({ rows, deps }) => requireAdministrator(rows, deps.model, lastAdministratorRemoved),
  },
};

async function checkUnit(context: WriteContext, draft: Draft): Promise<void> {
  const unit = draft.get(getColumn(context.table, 'businessunitid'));
  if (typeof unit === 'string') await requireOpenUnit(context, parseUnit(unit));
}

/** Name and place of a default team are its unit's. */
function refuseOnDefaultTeam({ table }: WriteContext, row: Row, changes: Draft): void {
  if (changes.has(getColumn(table, 'businessunitid'))) throw new Refusal('run', defaultTeam.moved(row.id));
  if (changes.has(getColumn(table, 'name'))) throw new Refusal('run', defaultTeam.renamed(row.id));
}

/** Values of lookups are canonical when they come out of the parser. */
const parseUnit = (value: string): BusinessUnitId => value as Guid as BusinessUnitId;
