import type { Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import type { Column } from '../../../metadata/table.ts';
import { refuse } from '../../../odata/problems.ts';
import { equals } from '../../../odata/query.ts';
import type { Row } from '../../../odata/row-store.ts';
import {
  businessUnitHasChild,
  businessUnitNeedsAdministrator,
  businessUnitNotDisabled,
  businessUnitOwnsRows,
  intoDisabledUnit,
  loopOfUnits,
  parentUnitDisabled,
  rootUnitCannotMove,
  rootUnitDisabled,
  unitHasPrincipals,
} from '../../rule-messages.ts';
import { findGuid, getColumn, getTable, isTrue, textIn } from '../../security-rows.ts';
import { requireAdministrator } from '../administrators.ts';
import { createDefaultTeam, removeDefaultTeam, renameDefaultTeam } from '../default-team.ts';
import { requireNamed } from '../held-privileges.ts';
import { textOfMoment } from '../moment.ts';
import type { Draft, NativeTable, WriteContext } from '../native-table.ts';
import { findOwnedTable } from '../owned-rows.ts';
import { listChildUnits, listSubtree, removeRolesOf, settleCopies } from '../role-copies.ts';

/**
 * Business units: a tree with one root (dataverse-web-api 3.1). INVARIANT: no enabled unit is below a disabled one; so
 * whether a unit is open can be seen from its own row.
 */
export const businessUnitRules: NativeTable = {
  logicalName: 'businessunit',
  create: {
    async fill(context, draft) {
      const parent = draft.get(columnOf(context, 'parentbusinessunitid'));
      if (typeof parent !== 'string') throw refuse.required(columnOf(context, 'parentbusinessunitid'));
      await requireOpenUnit(context, parseUnit(parent));
      draft.set(columnOf(context, 'organizationid'), context.deps.organizationId);
    },
    async finish(context, row) {
      const { rows, deps } = context;
      const { model, organizationId, now } = deps;
      const name = textIn(row, columnOf(context, 'name'));
      await createDefaultTeam(rows, model, { id: row.id, name, organizationId, moment: textOfMoment(now()) });
      await followParent(context, row.id, findGuid(row, columnOf(context, 'parentbusinessunitid')));
    },
  },
  update: {
    async check(context, row, changes) {
      if (changes.has(columnOf(context, 'parentbusinessunitid'))) await checkMove(context, row, changes);
      if (changes.has(columnOf(context, 'isdisabled'))) await checkState(context, row, changes);
    },
    async finish(context, row, changes) {
      const { rows, deps } = context;
      const [name, parent] = [
        changes.get(columnOf(context, 'name')),
        changes.get(columnOf(context, 'parentbusinessunitid')),
      ];
      if (typeof name === 'string') await renameDefaultTeam({ rows, model: deps.model }, row.id, name);
      if (typeof parent === 'string') await followParent(context, row.id, parseUnit(parent));
      if (changes.get(columnOf(context, 'isdisabled')) !== true) return;
      await disableBelow(context, row.id);
      await requireAdministrator(rows, deps.model, businessUnitNeedsAdministrator);
    },
  },
  remove: {
    async prepare(context, row) {
      const { rows, deps } = context;
      const scope = { rows, model: deps.model };
      if (!isTrue(row, columnOf(context, 'isdisabled'))) throw new Refusal('run', businessUnitNotDisabled);
      if ((await listChildUnits(scope, row.id)).length > 0) throw new Refusal('run', businessUnitHasChild);
      await requireNobodyIn(context, row.id);
      if ((await findOwnedTable(rows, deps.model, 'owningbusinessunit', row.id)) !== undefined) {
        throw new Refusal('run', businessUnitOwnsRows(row.id));
      }
      await removeRolesOf(scope, row.id);
      await removeDefaultTeam(scope, row.id);
    },
  },
};

const columnOf = ({ deps }: Pick<WriteContext, 'deps'>, name: string): Column =>
  getColumn(getTable(deps.model, 'businessunit'), name);

/** Values of lookups are canonical when they come out of the parser. */
const parseUnit = (value: string): Guid => value as Guid;

/** Refuses (`0x8004032d`) to put anything into a business unit that is disabled. */
export async function requireOpenUnit({ rows, deps }: WriteContext, unit: Guid): Promise<void> {
  const row = await rows.get(getTable(deps.model, 'businessunit'), unit);
  if (row !== undefined && isTrue(row, columnOf({ deps }, 'isdisabled'))) throw new Refusal('run', intoDisabledUnit);
}

async function checkMove(context: WriteContext, row: Row, changes: Draft): Promise<void> {
  const { rows, deps, grant } = context;
  requireNamed(grant, 'prvReparentBusinessUnit');
  const column = columnOf(context, 'parentbusinessunitid');
  const parent = changes.get(column);
  if (findGuid(row, column) === undefined) throw new Refusal('run', rootUnitCannotMove);
  if (typeof parent !== 'string') throw refuse.required(column);
  const below = await listSubtree({ rows, model: deps.model }, row.id);
  if (below.includes(parseUnit(parent))) throw new Refusal('run', loopOfUnits);
  if (!isTrue(row, columnOf(context, 'isdisabled'))) await requireOpenUnit(context, parseUnit(parent));
}

async function checkState(context: WriteContext, row: Row, changes: Draft): Promise<void> {
  const { rows, deps, grant } = context;
  requireNamed(grant, 'prvDisableBusinessUnit');
  const parent = findGuid(row, columnOf(context, 'parentbusinessunitid'));
  const isDisabling = changes.get(columnOf(context, 'isdisabled')) === true;
  if (parent === undefined && isDisabling) throw new Refusal('run', rootUnitDisabled);
  if (parent === undefined || isDisabling) return;
  const above = await rows.get(getTable(deps.model, 'businessunit'), parent);
  if (above !== undefined && isTrue(above, columnOf(context, 'isdisabled'))) {
    throw new Refusal('run', parentUnitDisabled(textIn(above, columnOf(context, 'name'))));
  }
}

const followParent = async ({ rows, deps }: WriteContext, unit: Guid, parent: Guid | undefined): Promise<void> => {
  if (parent !== undefined) await settleCopies({ rows, model: deps.model }, unit, parent);
};

/** The units below go with it; each is enabled again by itself. */
async function disableBelow({ rows, deps }: WriteContext, unit: Guid): Promise<void> {
  const table = getTable(deps.model, 'businessunit');
  for (const each of await listSubtree({ rows, model: deps.model }, unit)) {
    if (each !== unit) await rows.update(table, each, new Map([[columnOf({ deps }, 'isdisabled'), true]]));
  }
}

/** Refuses while users, or teams other than the default one, are in the unit. */
async function requireNobodyIn({ rows, deps }: WriteContext, unit: Guid): Promise<void> {
  const [user, team] = [getTable(deps.model, 'systemuser'), getTable(deps.model, 'team')];
  const users = await rows.list(user, equals(getColumn(user, 'businessunitid'), unit), 1);
  const teams = await rows.list(team, equals(getColumn(team, 'businessunitid'), unit), 2);
  if (users.length > 0 || teams.some((row) => !isTrue(row, getColumn(team, 'isdefault')))) {
    throw new Refusal('run', unitHasPrincipals);
  }
}
