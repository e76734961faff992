import { Refusal } from '../../../kernel/refusal.ts';
import { refuse } from '../../../odata/problems.ts';
import { invalidOperation, notImplemented } from '../../messages.ts';
import { findGuid, getColumn, textIn } from '../../security-rows.ts';
import { requireAdministrator } from '../administrators.ts';
import { createDefaultTeam } from '../default-team.ts';
import { requireNamed } from '../held-privileges.ts';
import { textOfMoment } from '../moment.ts';
import type { NativeTable } from '../native-table.ts';

/** Business units: a tree with one root (dataverse-web-api 3.1). Moving and deleting them is not built yet. */
export const businessUnitRules: NativeTable = {
  logicalName: 'businessunit',
  create: {
    async fill({ table, deps }, draft) {
      const parent = getColumn(table, 'parentbusinessunitid');
      if ((draft.get(parent) ?? null) === null) throw refuse.required(parent);
      draft.set(getColumn(table, 'organizationid'), deps.organizationId);
    },
    async finish({ rows, table, deps }, row) {
      const { model, organizationId, now } = deps;
      const name = textIn(row, getColumn(table, 'name'));
      await createDefaultTeam(rows, model, { id: row.id, name, organizationId, moment: textOfMoment(now()) });
    },
  },
  update: {
    async check({ table, grant }, row, changes) {
      const parent = getColumn(table, 'parentbusinessunitid');
      if (changes.has(parent)) throw new Refusal('run', notImplemented('moving a business unit'));
      if (!changes.has(getColumn(table, 'isdisabled'))) return;
      requireNamed(grant, 'prvDisableBusinessUnit');
      if (findGuid(row, parent) === undefined) {
        throw new Refusal('run', invalidOperation('The root business unit cannot be disabled.'));
      }
    },
    finish: ({ rows, deps }) => requireAdministrator(rows, deps.model),
  },
};
