import { getGuid } from '../kernel/ids.ts';
import type { Column, Navigation, Table } from '../metadata/table.ts';
import { valueOfLiteral } from './bind-literal.ts';
import { refuse } from './problems.ts';
import type { Condition } from './query.ts';
import { getAsker, getGiven, type QueryCall } from './query-call.ts';
import { hierarchies, type QueryFunction } from './query-functions.ts';

/** The lookup of a table to itself, of the table whose ids the column holds. */
function parentOf(column: Column, { place, table }: QueryCall): Column {
  const name = column === column.table.primaryKey ? column.table.logicalName : targetOf(column);
  const parent = name === undefined ? undefined : hierarchies[name];
  const ids = name === table.logicalName ? table : navigationTarget(column, name);
  const found = parent === undefined ? undefined : ids?.column.get(parent);
  if (found !== undefined) return found;
  throw refuse.syntax(`'${column.name}' is not the id of a row in a hierarchy: Syntax error`, place);
}

/** Of the tables that an owner may be a row of, users have a hierarchy. */
const targetOf = ({ lookup }: Column): string | undefined => lookup?.targets?.[0] ?? lookup?.target;

function navigationTarget({ table }: Column, name: string | undefined): Table | undefined {
  for (const { target } of table.navigation.values()) if (target.logicalName === name) return target;
  return undefined;
}

/** `Above`, `Under` and their like. */
export function hierarchyCondition(
  { direction, orEqual }: Extract<QueryFunction, { kind: 'hierarchy' }>,
  column: Column,
  call: QueryCall,
): Condition {
  const parent = parentOf(column, call);
  const { literal, place } = getGiven(call, 'PropertyValue');
  const id = valueOfLiteral(parent, literal, place);
  if (typeof id !== 'string') throw refuse.syntax(`The parameter 'PropertyValue' must be the id of a row`, place);
  return { kind: 'hierarchy', column, parent, direction, orEqual, id: getGuid(id) };
}

/** The ids of the asker and of who reports to them, with their teams where `teams` says so. */
export function reportsCondition(
  { teams }: Extract<QueryFunction, { kind: 'reports' }>,
  column: Column,
  call: QueryCall,
): Condition {
  const parent = parentOf(column, call);
  if (parent.table.logicalName !== 'systemuser') {
    throw refuse.syntax(`'${column.name}' is not the id of a user: Syntax error`, call.place);
  }
  const { userId } = getAsker(call.asking, call.place);
  const amongReports = (of: Column): Condition => {
    return { kind: 'hierarchy', column: of, parent, direction: 'under', orEqual: true, id: userId };
  };
  if (!teams) return amongReports(column);
  const { primaryKey: teamId, navigation } = getTeams(parent.table);
  const where: Condition = { kind: 'through', navigation, where: amongReports(parent.table.primaryKey) };
  return { kind: 'or', of: [amongReports(column), { kind: 'linked', column, target: teamId, where }] };
}

const membership = 'teammembership_association';

/** Teams, and the way from them to their members. */
function getTeams(users: Table): { readonly primaryKey: Column; readonly navigation: Navigation } {
  const teams = users.navigation.get(membership)?.target;
  const navigation = teams?.navigation.get(membership);
  if (teams === undefined || navigation === undefined) throw new TypeError('users have no teams');
  return { primaryKey: teams.primaryKey, navigation };
}
