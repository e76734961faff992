import { mayUseColumn } from '../../dataverse/column-access.ts';
import { depths } from '../../dataverse/privilege-index.ts';
import type { ConditionId, RefusalCause } from '../../kernel/cause.ts';
import type { PrivilegeDepth } from '../../metadata/privileges.ts';
import type { Column } from '../../metadata/table.ts';
import type { Fix, NearMiss } from '../condition.ts';
import type { ConditionDetails } from '../condition-details.ts';
import { Facts } from '../facts.ts';
import { applicationUserFixes, enableFixes, nearUsers } from '../fixes/application-user.ts';
import { columnFixes } from '../fixes/column-security.ts';
import { depthFixes } from '../fixes/depth.ts';
import { granteeOf, grantFixes, unassignedRoles } from '../fixes/security-roles.ts';
import { waitFixes } from '../fixes/wait.ts';
import { lackedBy, wantedBy } from '../fixes/wanted-privileges.ts';

type DataverseCondition = Extract<
  ConditionId,
  'application-user' | 'user-enabled' | 'service-limits' | 'impersonation' | 'roles' | 'privilege' | 'depth' | 'column'
>;

const roleNames = ({ asker }: Facts): readonly string[] => [
  ...new Set((asker?.roles ?? []).map(({ role }) => role.name)),
];

const namesOf = (columns: readonly Column[]): readonly string[] => columns.map(({ name }) => name);

/** Is it known which table the request is about? */
const hasShape = ({ shapes }: Facts): boolean => shapes.length > 0;

/** What the user lacks of what the request needs; of an impersonation the caller lacks it, else the one who asks. */
function lackedIn(facts: Facts, { condition, data }: RefusalCause) {
  const user = condition === 'impersonation' ? facts.user : facts.asker;
  const { privilege, depth = 'basic' } = data ?? {};
  const more = privilege === undefined ? undefined : { privilege, depth: parseDepth(depth) };
  if (condition === 'impersonation') {
    // What the request itself needs is asked of both, and only then.
    const alone = wantedBy(new Facts(facts.view, facts.subject, []), more);
    return { user, lacked: lackedBy(facts.view.dataverse, user, alone) };
  }
  return { user, lacked: lackedBy(facts.view.dataverse, user, wantedBy(facts, more)) };
}

const parseDepth = (text: string): PrivilegeDepth => depths.find((depth) => depth === text) ?? 'basic';

function missingRoles(facts: Facts, cause: RefusalCause): readonly NearMiss[] {
  const { user, lacked } = lackedIn(facts, cause);
  return user === undefined ? [] : unassignedRoles(facts, granteeOf(user), lacked);
}

function roleFixes(facts: Facts, cause: RefusalCause): readonly Fix[] {
  const { user, lacked } = lackedIn(facts, cause);
  return user === undefined ? [] : grantFixes(facts, granteeOf(user), lacked);
}

/** What the first gate asks. */
export const dataverseConditions: Readonly<Record<DataverseCondition, ConditionDetails>> = {
  'application-user': {
    evidence: ({ user, subject }) => ({
      clientId: subject.clientId ?? '',
      ...(user && { userId: user.id, name: user.name }),
    }),
    nearMisses: nearUsers,
    fixes: applicationUserFixes,
  },
  'user-enabled': {
    evidence: ({ user, view }) => {
      const unit = user && view.dataverse.businessUnits.get(user.businessUnitId);
      return {
        disabled: user?.isDisabled ?? false,
        businessUnit: unit?.name ?? '',
        businessUnitDisabled: unit?.isDisabled ?? false,
      };
    },
    fixes: enableFixes,
  },
  'service-limits': { isKnown: () => false, evidence: () => ({}), fixes: waitFixes },
  impersonation: {
    isAsked: ({ subject }) => subject.asUserId !== undefined,
    evidence: ({ subject, asker }) => ({ asUserId: subject.asUserId ?? '', name: asker?.name ?? '' }),
    nearMisses: missingRoles,
    fixes: roleFixes,
  },
  roles: {
    isKnown: hasShape,
    evidence: (facts) => ({ securityRoles: roleNames(facts) }),
    nearMisses: missingRoles,
    fixes: roleFixes,
  },
  privilege: {
    isKnown: hasShape,
    evidence: (facts) => ({ securityRoles: roleNames(facts), table: facts.table?.logicalName ?? '' }),
    nearMisses: missingRoles,
    fixes: roleFixes,
  },
  depth: {
    isKnown: hasShape,
    evidence: (facts) => ({ ownership: facts.table?.ownership ?? 'organization' }),
    fixes: depthFixes,
  },
  column: {
    isAsked: ({ table }) => table?.kind === 'native',
    evidence: ({ table, asker, view }) => {
      const secured = (table?.columns ?? []).filter((column) => column.secured === true);
      const withheld = secured.filter((column) => asker && !mayUseColumn(view.dataverse, asker, column, 'read'));
      return { securedColumns: namesOf(secured), givenAsNull: namesOf(withheld) };
    },
    fixes: columnFixes,
  },
};
