import { parseLegalEntityId } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Values } from '../odata/operation.ts';
import type { Condition } from '../odata/query.ts';
import { type CompanyReach, entityReach } from './effective-access.ts';
import { accessPaths, explainRefusal } from './explain.ts';
import { notAuthorized, outsideLegalEntity, outsidePolicy, protectedColumn } from './hr-problems.ts';
import { type Denial, type DenialData, deny, type HrSession } from './hr-session.ts';
import { type HrLevel, securableField, securableName } from './level.ts';

/** In which legal entities the session's user holds `level` on a table. */
const reachOf = (session: HrSession, table: Table, level: HrLevel): CompanyReach =>
  entityReach(session.access, table, level);

const attemptOf = ({ user }: HrSession, table: Table, level: HrLevel) => ({
  userName: user.name,
  level,
  table,
  language: user.language,
});

const dataOf = ({ user }: HrSession, table: Table, level: HrLevel): DenialData => ({
  hrUser: user.id,
  table: table.logicalName,
  level,
});

/** Step 16: does any role give `level` on the data entity? Native tables are not data entities; gate one alone rules. */
export function checkLevel(session: HrSession, table: Table, level: HrLevel): Denial | undefined {
  if (table.kind === 'native' || reachOf(session, table, level) !== 'none') return undefined;
  const { user } = session;
  return deny(
    user.roles.length === 0 ? 'role' : 'permission',
    notAuthorized(attemptOf(session, table, level)),
    () => explainRefusal(user, table, level),
    dataOf(session, table, level),
  );
}

/** Step 17 for existing rows: only those of legal entities where the user holds `level`. `undefined` limits nothing. */
export function companyFilter(session: HrSession, table: Table, level: HrLevel): Condition | undefined {
  if (table.kind === 'native') return undefined;
  const reach = reachOf(session, table, level);
  if (reach === 'none') return { kind: 'never' };
  if (reach === 'all' || table.company === undefined) return undefined;
  return { kind: 'in', column: table.company, values: [...reach] };
}

/** Step 18: rows that the user's policies leave for `level`. `undefined` limits nothing. */
export const policyFilter = ({ access }: HrSession, table: Table, level: HrLevel): Condition | undefined =>
  access.kind === 'systemAdministrator' ? undefined : access.of(table).rows(level);

/** The denial of step 18: the row is one that policies leave out. */
export function denyPolicy(session: HrSession, table: Table, level: HrLevel): Denial {
  const explain = (): string => {
    const { access, user } = session;
    const policies = access.kind === 'systemAdministrator' ? [] : access.policies.on(table, level);
    const names = policies.map(({ identifier }) => identifier).join(', ');
    return `a policy (${names}) leaves the record out of ${level} on ${securableName(table)} for user ${user.id}`;
  };
  return deny('policy', outsidePolicy(attemptOf(session, table, level)), explain, dataOf(session, table, level));
}

/** Step 17 for the legal entity of a row that is written. */
export function checkCompany(session: HrSession, table: Table, level: HrLevel, named: string): Denial | undefined {
  const reach = reachOf(session, table, level);
  if (reach === 'all' || table.company === undefined) return undefined;
  const company = parseLegalEntityId(named);
  if (reach !== 'none' && company !== undefined && reach.has(company)) return undefined;
  return denyCompany(session, table, level, named);
}

/** The denial of step 17: names the legal entity, where the user may, and by which roles. */
function denyCompany(session: HrSession, table: Table, level: HrLevel, named: string): Denial {
  const reach = reachOf(session, table, level);
  const grants = accessPaths(session.user, table, level).filter((path) => path.state === 'Grant');
  const where = {
    named,
    companies: typeof reach === 'string' ? [] : [...reach].sort(),
    roles: [...new Set(grants.map((path) => path.role))].sort(),
  };
  const explain = (): string => {
    const allowed = where.companies.join(', ') || 'none';
    return `user ${session.user.id} holds ${level} on ${securableName(table)} in legal entities: ${allowed}; not in ${named}`;
  };
  return deny('legal entity', outsideLegalEntity(attemptOf(session, table, level), where), explain, {
    ...dataOf(session, table, level),
    company: parseLegalEntityId(named) ?? '',
  });
}

/** Step 19: may the user use this column at this level? */
export function checkColumn(session: HrSession, column: Column, level: HrLevel): Denial | undefined {
  if (!restrictedColumns(session, column.table, level).has(column)) return undefined;
  const { table } = column;
  return deny(
    'column',
    protectedColumn(attemptOf(session, table, level), column),
    () =>
      `user ${session.user.id} does not hold ${level} on field ${securableField(column)} of ${securableName(table)}`,
    { ...dataOf(session, table, level), column: column.name },
  );
}

/** Columns of a table that the user may not use at this level. */
export const restrictedColumns = ({ access }: HrSession, table: Table, level: HrLevel): ReadonlySet<Column> =>
  access.kind === 'systemAdministrator' ? none : access.of(table).restricted(level);

const none: ReadonlySet<Column> = new Set();

/** The legal entity that a body names: the empty text where it names none on purpose, `undefined` where it is silent. */
export function namedCompany(table: Table, values: Values): string | undefined {
  const value = table.company === undefined ? undefined : values.get(table.company);
  if (value === undefined) return undefined;
  return typeof value === 'string' && value.trim() !== '' ? value : '';
}
