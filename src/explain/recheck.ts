import { mayUseColumn } from '../dataverse/column-access.ts';
import { depthNumbers } from '../dataverse/privilege-index.ts';
import { checkColumn, checkCompany, checkLevel } from '../hr/access-checks.ts';
import type { HrSession } from '../hr/hr-session.ts';
import { type HrLevel, hrLevels } from '../hr/level.ts';
import { checkInvoke } from '../hr/method-access.ts';
import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import type { PrivilegeDepth } from '../metadata/privileges.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Facts } from './facts.ts';

type Data = Readonly<Record<string, string>>;

/** Is a condition that was not met then still not met now? */
type Recheck = (facts: Facts, data: Data, session: HrSession | undefined) => boolean;

/** Nothing in the snapshots says: the token, the secret, the count of requests were of that moment. */
const stays: Recheck = () => true;
/** `decide` says it all. */
const decided: Recheck = () => false;

const tableOf = ({ view }: Facts, data: Data): Table | undefined => view.model.table.get(data['table'] ?? '');

const columnOf = (facts: Facts, data: Data): Column | undefined =>
  tableOf(facts, data)?.column.get(data['column'] ?? '');

const levelOf = ({ level }: Data): HrLevel | undefined => hrLevels.find((each) => each === level);

/** By the privilege that was named; a System Administrator's role where that was. */
const lacksPrivilege: Recheck = ({ asker, view }, data) => {
  if (asker === undefined) return true;
  if (data['role'] !== undefined) return !asker.isSystemAdministrator;
  if (data['principalId'] !== undefined) return false;
  const slot = view.dataverse.index.findByName(data['privilege'] ?? '');
  const needed = depthNumbers[(data['depth'] as PrivilegeDepth | undefined) ?? 'basic'] ?? 1;
  return slot !== undefined && (view.dataverse.depthsOf(asker)[slot] ?? 0) < needed;
};

/**
 * How to ask the decision functions about the very thing that was refused, where a request's shape alone does not tell:
 * the legal entity of the row that was met, the method, the column, the privilege that a rule of a table asked for.
 */
const rechecks: Readonly<Record<ConditionId, Recheck>> = {
  token: stays,
  tenant: ({ view }, { tenantId }) => tenantId !== view.tenantId,
  application: decided,
  consent: decided,
  'application-enabled': decided,
  credential: stays,
  resource: stays,
  'directory-permission': ({ principal }, { permission = '' }) => principal?.appRoles.includes(permission) !== true,
  'application-user': decided,
  'user-enabled': decided,
  impersonation: ({ view, user }, data) => {
    const slot = view.dataverse.index.findByName(data['privilege'] ?? '');
    if (user === undefined || slot === undefined) return data['privilege'] === undefined;
    return (view.dataverse.depthsOf(user)[slot] ?? 0) === 0;
  },
  'service-limits': stays,
  roles: lacksPrivilege,
  privilege: lacksPrivilege,
  // Of a row: those are counted. Of what a role gives: by the depth that was asked for.
  depth: (facts, data, session) => data['depth'] !== undefined && lacksPrivilege(facts, data, session),
  column: (facts, data) => {
    const column = columnOf(facts, data);
    const right = (['create', 'read', 'update'] as const).find((each) => each === data['right']);
    const { asker, view } = facts;
    if (column === undefined || right === undefined || asker === undefined) return false;
    return !mayUseColumn(view.dataverse, asker, column, right);
  },
  'platform-link': decided,
  'application-link': decided,
  'hr-user': decided,
  'hr-user-enabled': decided,
  'hr-role': decided,
  permission: (facts, data, session) => {
    const [table, level] = [tableOf(facts, data), levelOf(data)];
    if (table === undefined || session === undefined) return false;
    if (data['method'] !== undefined) return checkInvoke(session, table, data['method'], data['company']) !== undefined;
    return level !== undefined && checkLevel(session, table, level) !== undefined;
  },
  'legal-entity': (facts, data, session) => {
    const [table, level, company] = [tableOf(facts, data), levelOf(data), data['company']];
    if (table === undefined || session === undefined || company === undefined) return false;
    if (data['method'] !== undefined) return checkInvoke(session, table, data['method'], company) !== undefined;
    return level !== undefined && checkCompany(session, table, level, company) !== undefined;
  },
  // Whether the row of then meets them is not known: they are still there.
  policy: (facts, data, session) => {
    const [table, level] = [tableOf(facts, data), levelOf(data)];
    if (table === undefined || level === undefined || session?.access.kind !== 'listed') return false;
    return session.access.policies.on(table, level).length > 0;
  },
  'protected-column': (facts, data, session) => {
    const [column, level] = [columnOf(facts, data), levelOf(data)];
    if (column === undefined || level === undefined || session === undefined) return false;
    return checkColumn(session, column, level) !== undefined;
  },
  source: stays,
  'hr-limits': stays,
};

/** Does what was refused still stand, as far as anybody can tell? */
export const isStillUnmet = (facts: Facts, cause: RefusalCause, session: HrSession | undefined): boolean =>
  rechecks[cause.condition](facts, cause.data ?? {}, session);
