import type { ConditionId } from '../../kernel/cause.ts';
import type { ConditionDetails } from '../condition-details.ts';
import type { Facts } from '../facts.ts';

type DataverseCondition = Extract<
  ConditionId,
  'application-user' | 'user-enabled' | 'service-limits' | 'impersonation' | 'roles' | 'privilege' | 'depth' | 'column'
>;

const roleNames = ({ asker }: Facts): readonly string[] => [
  ...new Set((asker?.roles ?? []).map(({ role }) => role.name)),
];

/** Is it known which table the request is about? */
const hasShape = ({ shapes }: Facts): boolean => shapes.length > 0;

/** What the first gate asks. */
export const dataverseConditions: Readonly<Record<DataverseCondition, ConditionDetails>> = {
  'application-user': {
    evidence: ({ user, subject }) => ({
      clientId: subject.clientId ?? '',
      ...(user && { userId: user.id, name: user.name }),
    }),
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
  },
  'service-limits': { isKnown: () => false, evidence: () => ({}) },
  impersonation: {
    isAsked: ({ subject }) => subject.asUserId !== undefined,
    evidence: ({ subject, asker }) => ({ asUserId: subject.asUserId ?? '', name: asker?.name ?? '' }),
  },
  roles: { isKnown: hasShape, evidence: (facts) => ({ securityRoles: roleNames(facts) }) },
  privilege: {
    isKnown: hasShape,
    evidence: (facts) => ({ securityRoles: roleNames(facts), table: facts.table?.logicalName ?? '' }),
  },
  depth: { isKnown: hasShape, evidence: (facts) => ({ ownership: facts.table?.ownership ?? 'organization' }) },
  column: {
    isAsked: ({ table }) => table?.kind === 'native',
    evidence: ({ table }) => ({
      securedColumns: (table?.columns ?? []).filter(({ secured }) => secured === true).map(({ name }) => name),
    }),
  },
};
