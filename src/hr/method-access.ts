import { parseLegalEntityId } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import type { Condition } from '../odata/query.ts';
import { type CompanyReach, entityReach } from './effective-access.ts';
import { methodNotAuthorized } from './hr-problems.ts';
import { type Denial, deny, type HrSession } from './hr-session.ts';
import { securableKey, securableName } from './level.ts';

/**
 * In which legal entities the session's user may call a method. Rights on the entity's rows say nothing about it; Invoke on
 * the whole entity stands for each of its methods, and a Deny of either wins.
 */
function reachOf({ access }: HrSession, table: Table, method: string): CompanyReach {
  if (access.kind === 'systemAdministrator') return 'all';
  const own = access.find(securableKey('DataEntityMethod', securableName(table), method));
  const whole = access.find(securableKey('DataEntity', securableName(table)));
  if (own?.denied.has('Invoke') === true || whole?.denied.has('Invoke') === true) return 'none';
  return unite(own?.reach.Invoke ?? 'none', entityReach(access, table, 'Invoke'));
}

function unite(left: CompanyReach, right: CompanyReach): CompanyReach {
  if (left === 'all' || right === 'all') return 'all';
  if (left === 'none') return right;
  return right === 'none' ? left : new Set([...left, ...right]);
}

/** Does any role grant Invoke on the method, and does it hold in the legal entity of the row? `undefined`: yes. */
export function checkInvoke(
  session: HrSession,
  table: Table,
  method: string,
  company: string | undefined,
): Denial | undefined {
  const reach = reachOf(session, table, method);
  if (reach === 'all') return undefined;
  const id = company === undefined ? undefined : parseLegalEntityId(company);
  if (reach !== 'none' && (table.company === undefined || (id !== undefined && reach.has(id)))) return undefined;
  const { name, language, id: userId } = session.user;
  const explain = (): string => {
    const where = reach === 'none' ? 'anywhere' : `in the legal entity ${company}`;
    return `no role of user ${userId} grants Invoke on ${securableName(table)}.${method} ${where}, or one denies it`;
  };
  const check = session.user.roles.length === 0 ? 'role' : reach === 'none' ? 'permission' : 'legal entity';
  return deny(check, methodNotAuthorized(name, method, table, language), explain, {
    ...{ hrUser: userId, table: table.logicalName, level: 'Invoke', method },
    ...(id !== undefined && { company: id }),
  });
}

/** Rows on which the method may be called; `undefined` limits nothing. */
export function invokeFilter(session: HrSession, table: Table, method: string): Condition | undefined {
  const reach = reachOf(session, table, method);
  if (reach === 'none') return { kind: 'never' };
  if (reach === 'all' || table.company === undefined) return undefined;
  return { kind: 'in', column: table.company, values: [...reach] };
}
