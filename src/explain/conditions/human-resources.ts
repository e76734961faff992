import { restrictedColumns } from '../../hr/access-checks.ts';
import { entityReach } from '../../hr/effective-access.ts';
import { accessPaths } from '../../hr/explain.ts';
import { platformClientId } from '../../hr/hr-session.ts';
import type { HrUser } from '../../hr/hr-user.ts';
import { type HrLevel, securableName } from '../../hr/level.ts';
import type { ConditionId, RequestShape } from '../../kernel/cause.ts';
import type { Table } from '../../metadata/table.ts';
import type { Evidence } from '../condition.ts';
import type { ConditionDetails } from '../condition-details.ts';
import type { Decision } from '../decide.ts';
import type { Facts } from '../facts.ts';
import { accessFixes, unassignedHrRoles } from '../fixes/hr-access.ts';
import {
  enableUserFixes,
  linkedUserFixes,
  linkFixes,
  nearHrUsers,
  nearLinks,
  platformFixes,
} from '../fixes/hr-user.ts';
import { legalEntityFixes } from '../fixes/legal-entity.ts';
import { policyFixes } from '../fixes/policy.ts';
import { sourceFixes, waitFixes } from '../fixes/wait.ts';

type HumanResourcesCondition = Extract<
  ConditionId,
  | 'platform-link'
  | 'application-link'
  | 'hr-user'
  | 'hr-user-enabled'
  | 'hr-role'
  | 'permission'
  | 'legal-entity'
  | 'policy'
  | 'protected-column'
  | 'source'
  | 'hr-limits'
>;

/** Tables and definitions of Dataverse do not pass the second gate. */
const isAsked = ({ table, shapes }: Facts, decision: Decision): boolean =>
  decision.needsSecondGate || (table === undefined && shapes[0]?.kind !== 'definition') || table?.kind === 'virtual';

const levels: Readonly<Record<RequestShape['kind'], HrLevel>> = {
  read: 'Read',
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  link: 'Update',
  message: 'Update',
  definition: 'Read',
};

/** The access that the request needs on its own table. */
const levelOf = ({ shapes }: Facts): HrLevel => levels[shapes[0]?.kind ?? 'read'];

const roleNames = (user: HrUser | undefined): readonly string[] =>
  (user?.roles ?? []).map(({ role }) => role.identifier).sort();

function onTable(facts: Facts, tell: (user: HrUser, table: Table, level: HrLevel) => Evidence): Evidence {
  const { hrUser, table } = facts;
  return hrUser === undefined || table?.kind !== 'virtual' ? {} : tell(hrUser, table, levelOf(facts));
}

const writes: ReadonlySet<RequestShape['kind'] | undefined> = new Set(['create', 'update', 'link', 'message']);

/** Identifiers of the policies that hold for the request. */
function policiesOn(facts: Facts): readonly string[] {
  const { hrUser, table, view } = facts;
  if (hrUser === undefined || table?.kind !== 'virtual') return [];
  const access = view.hr.accessOf(hrUser);
  if (access.kind === 'systemAdministrator') return [];
  return access.policies.on(table, levelOf(facts)).map(({ identifier }) => identifier);
}

/** What the second gate asks. */
export const humanResourcesConditions: Readonly<Record<HumanResourcesCondition, ConditionDetails>> = {
  'platform-link': {
    isAsked,
    evidence: ({ view }) => ({
      platformClientId,
      platformUser: view.hr.links.get(platformClientId)?.userId ?? '',
    }),
    fixes: platformFixes,
  },
  'application-link': {
    isAsked,
    evidence: ({ linkedClientId, link }) => ({
      clientId: linkedClientId ?? '',
      ...(link && { linkedTo: link.userId ?? '' }),
    }),
    nearMisses: nearLinks,
    fixes: linkFixes,
  },
  'hr-user': {
    isAsked,
    evidence: ({ link, hrUser }) => ({ user: hrUser?.id ?? link?.userId ?? '' }),
    nearMisses: nearHrUsers,
    fixes: linkedUserFixes,
  },
  'hr-user-enabled': {
    isAsked,
    evidence: ({ hrUser }) => ({ user: hrUser?.id ?? '', enabled: hrUser?.enabled ?? false }),
    fixes: enableUserFixes,
  },
  'hr-role': {
    isAsked,
    evidence: ({ hrUser }) => ({ user: hrUser?.id ?? '', roles: roleNames(hrUser) }),
    nearMisses: unassignedHrRoles,
    fixes: accessFixes,
  },
  permission: {
    isAsked,
    evidence: (facts) =>
      onTable(facts, (user, table, level) => {
        const paths = accessPaths(user, table, level);
        const told = (state: 'Grant' | 'Deny'): readonly string[] =>
          paths
            .filter((path) => path.state === state)
            .map(({ role, duty, privilege }) => [role, duty, privilege].filter(Boolean).join(' > '));
        return { entity: securableName(table), level, grantedBy: told('Grant'), deniedBy: told('Deny') };
      }),
    nearMisses: unassignedHrRoles,
    fixes: accessFixes,
  },
  'legal-entity': {
    isAsked,
    evidence: (facts) =>
      onTable(facts, (user, table, level) => {
        const reach = entityReach(facts.view.hr.accessOf(user), table, level);
        if (table.company === undefined) return { legalEntities: 'the table has none' };
        return { legalEntities: typeof reach === 'string' ? reach : [...reach].sort() };
      }),
    fixes: legalEntityFixes,
  },
  policy: {
    isAsked,
    // What is written must be left by them too: that is up to its values.
    isKnown: (facts) => !writes.has(facts.shapes[0]?.kind) || policiesOn(facts).length === 0,
    evidence: (facts) => ({ policies: policiesOn(facts) }),
    fixes: policyFixes,
  },
  'protected-column': {
    isAsked,
    evidence: (facts) =>
      onTable(facts, (user, table, level) => {
        const access = facts.view.hr.accessOf(user);
        const session = { kind: 'session', snapshot: facts.view.hr, user, access } as const;
        return { withheldColumns: [...restrictedColumns(session, table, level)].map(({ name }) => name) };
      }),
    fixes: accessFixes,
  },
  source: {
    isAsked: ({ table, view }) => table !== undefined && view.isElsewhere(table),
    isKnown: () => false,
    evidence: ({ table }) => ({ table: table?.logicalName ?? '' }),
    fixes: sourceFixes,
  },
  'hr-limits': {
    isAsked,
    isKnown: () => false,
    evidence: ({ hrUser }) => ({ user: hrUser?.id ?? '' }),
    fixes: waitFixes,
  },
};
