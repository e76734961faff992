import type { Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Column, Model } from '../../metadata/table.ts';
import { and, type Condition, equals, type Value } from '../../odata/query.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { roleTemplates } from '../application-user.ts';
import { lastAdministrator } from '../messages.ts';
import { findGuid, getColumn, getTable } from '../security-rows.ts';

/** More administrators, roles or teams than this are not looked at: any one that is left will do. */
const enough = 1000;

/**
 * Refuses (`0x80041d2f`) a change after which no enabled user in an enabled business unit is System Administrator, by
 * their own role or a team's. Called after the change, in its transaction, so that what counts is what would be true.
 */
export async function requireAdministrator(rows: Transaction, model: Model): Promise<void> {
  const find = finder(rows, model);
  const template = equals(find.column('role', 'roletemplateid'), roleTemplates.systemAdministrator.id);
  const roles = (await rows.list(getTable(model, 'role'), template, enough)).map(({ id }) => id);
  const teams = await find.linked('teamroles', 'roleid', roles, 'teamid');
  const users = [
    ...(await find.linked('systemuserroles', 'roleid', roles, 'systemuserid')),
    ...(await find.linked('teammembership', 'teamid', teams, 'systemuserid')),
  ];
  const enabled = and(
    oneOf(getTable(model, 'systemuser').primaryKey, users),
    isNot(find.column('systemuser', 'isdisabled')),
  );
  const administrators = await rows.list(getTable(model, 'systemuser'), enabled ?? { kind: 'never' }, enough);
  const unitColumn = find.column('systemuser', 'businessunitid');
  const units = administrators.flatMap((row: Row) => findGuid(row, unitColumn) ?? []);
  const businessUnit = getTable(model, 'businessunit');
  const inUnits = and(
    oneOf(businessUnit.primaryKey, [...new Set(units)]),
    isNot(find.column('businessunit', 'isdisabled')),
  );
  const open = await rows.list(businessUnit, inUnits ?? { kind: 'never' }, 1);
  if (open.length === 0) throw new Refusal('run', lastAdministrator);
}

const oneOf = (column: Column, values: readonly Value[]): Condition =>
  values.length === 0 ? { kind: 'never' } : { kind: 'in', column, values };

const isNot = (column: Column): Condition => ({ kind: 'compare', op: 'ne', column, value: true });

function finder(rows: Transaction, model: Model) {
  const column = (table: string, name: string): Column => getColumn(getTable(model, table), name);
  return {
    column,
    /** Ids in `give` of the intersect rows whose `by` is one of `ids`. */
    async linked(table: string, by: string, ids: readonly Guid[], give: string): Promise<readonly Guid[]> {
      const found = await rows.list(getTable(model, table), oneOf(column(table, by), ids), enough);
      return found.flatMap((row) => findGuid(row, column(table, give)) ?? []);
    },
  };
}
