import { type Problem, Refusal } from '../../kernel/refusal.ts';
import type { Column, Model, Navigation, Table } from '../../metadata/table.ts';
import { and, type Condition, equals } from '../../odata/query.ts';
import type { Transaction } from '../../odata/row-store.ts';
import { roleTemplates } from '../application-user.ts';
import { getColumn, getTable } from '../security-rows.ts';

/**
 * Refuses, in the words of `problem`, a change after which no enabled user in an enabled business unit is System
 * Administrator, by their own role or a team's. Called after the change, in its transaction, so that what counts is what
 * would be true.
 */
export async function requireAdministrator(rows: Transaction, model: Model, problem: Problem): Promise<void> {
  const user = getTable(model, 'systemuser');
  const open = and(
    isNot(user, 'isdisabled'),
    through(user, 'businessunitid', isNot(getTable(model, 'businessunit'), 'isdisabled')),
  );
  const template: Condition = equals(
    getColumn(getTable(model, 'role'), 'roletemplateid'),
    roleTemplates.systemAdministrator.id,
  );
  const own = through(user, 'systemuserroles_association', template);
  const ofTeam = through(getTable(model, 'team'), 'teamroles_association', template);
  // One after the other: nearly always the first finds somebody.
  for (const holds of [own, through(user, 'teammembership_association', ofTeam)]) {
    if ((await rows.list(user, and(open, holds) ?? holds, 1)).length > 0) return;
  }
  throw new Refusal('run', problem);
}

const isNot = (table: Table, name: string): Condition => {
  const column: Column = getColumn(table, name);
  return { kind: 'compare', op: 'ne', column, value: true };
};

function through(table: Table, name: string, where: Condition): Condition {
  const navigation: Navigation | undefined = table.navigation.get(name);
  if (navigation === undefined) throw new TypeError(`${table.logicalName} has no navigation ${name}`);
  return { kind: 'through', navigation, where };
}
