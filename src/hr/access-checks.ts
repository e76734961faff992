import { parseLegalEntityId } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import type { Values } from '../odata/operation.ts';
import type { Condition } from '../odata/query.ts';
import { type CompanyReach, entityAccess } from './effective-access.ts';
import { accessPaths, explainRefusal } from './explain.ts';
import { notAuthorized, outsideLegalEntity } from './hr-problems.ts';
import { type Denial, deny, type HrSession } from './hr-session.ts';
import { type HrLevel, securableName } from './level.ts';

/** In which legal entities the session's user holds `level` on a table. */
const reachOf = (session: HrSession, table: Table, level: HrLevel): CompanyReach =>
  entityAccess(session.access, securableName(table))[level];

/** Step 16: does any role give `level` on the data entity? Native tables are not data entities; gate one alone rules. */
export function checkLevel(session: HrSession, table: Table, level: HrLevel): Denial | undefined {
  if (table.kind === 'native' || reachOf(session, table, level) !== 'none') return undefined;
  return deny('permission', notAuthorized(session.user.name, level, table), () =>
    explainRefusal(session.user, table, level),
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

/** Step 17 for a legal entity that a write names. */
export function checkCompany(session: HrSession, table: Table, level: HrLevel, named: string): Denial | undefined {
  const reach = reachOf(session, table, level);
  if (reach === 'all' || table.company === undefined) return undefined;
  const company = parseLegalEntityId(named);
  if (reach !== 'none' && company !== undefined && reach.has(company)) return undefined;
  return denyCompany(session, table, level, named);
}

/** The denial of step 17: names the legal entity, where the user may, and by which roles. */
export function denyCompany(session: HrSession, table: Table, level: HrLevel, named: string): Denial {
  const reach = reachOf(session, table, level);
  const grants = accessPaths(session.user, table, level).filter((path) => path.state === 'Grant');
  const where = {
    named,
    companies: typeof reach === 'string' ? [] : [...reach].sort(),
    roles: [...new Set(grants.map((path) => path.role))].sort(),
  };
  return deny('legal entity', outsideLegalEntity(session.user.name, level, table, where), () => {
    const allowed = where.companies.join(', ') || 'none';
    return `user ${session.user.id} holds ${level} on ${securableName(table)} in legal entities: ${allowed}; not in ${named}`;
  });
}

/** The legal entity that a body names: the empty text where it names none on purpose, `undefined` where it is silent. */
export function namedCompany(table: Table, values: Values): string | undefined {
  const value = table.company === undefined ? undefined : values.get(table.company);
  if (value === undefined) return undefined;
  return typeof value === 'string' && value.trim() !== '' ? value : '';
}
