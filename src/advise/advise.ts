import type { ApplicationUser } from '../dataverse/application-user.ts';
import { depthOfNumber, depthWords } from '../dataverse/privilege-index.ts';
import { decide } from '../explain/decide.ts';
import type { EnvironmentView, Subject } from '../explain/environment-view.ts';
import { Facts } from '../explain/facts.ts';
import { wantedBy } from '../explain/fixes/wanted-privileges.ts';
import type { HrUser } from '../hr/hr-user.ts';
import type { ClientId } from '../kernel/ids.ts';
import type { Localized } from '../kernel/language.ts';
import type { Advice, HeldHrPrivilege, HeldPrivilege, Uncovered } from './advice.ts';
import { type LeastDuties, leastDuties } from './least-duties.ts';
import { type LeastRole, leastRole } from './least-role.ts';
import type { Use } from './recorded-use.ts';
import { roleOperations } from './role-operations.ts';
import { told } from './told-use.ts';
import { coveredOf, type UncoveredUse, uncoveredOf } from './tried-uses.ts';

/** What is looked at, and whose it is. */
export interface AdviceQuestion {
  readonly clientId: ClientId;
  readonly user: ApplicationUser;
  readonly uses: readonly Use[];
  readonly period: Omit<Advice['period'], 'uses'>;
}

/**
 * The least that an application needs for what it does: privileges of a security role, duties and privileges of a role of
 * Human Resources. Every right comes with the use that is refused without it, decided by the functions that decide
 * requests. Changes nothing.
 */
export async function advise(view: EnvironmentView, question: AdviceQuestion): Promise<Advice> {
  const { clientId, user, uses, period } = question;
  const subject: Subject = { clientId };
  const role = await leastRole(view, subject, user, uses);
  const hrUser = new Facts(view, subject, []).hrUser;
  // In another's name the second gate sees that other one's Human Resources user.
  const passing = coveredOf(uses, role.uncovered);
  const own = passing.filter((use) => use.asUserId === undefined && isVirtual(view, use));
  // With today's role the first gate may refuse what the advised one lets pass.
  const isAsked = hrUser !== undefined && own.length > 0;
  const least = isAsked ? await leastDuties(role.view, subject, hrUser, own) : undefined;
  const uncovered = [
    ...role.uncovered,
    ...(least?.uncovered ?? (hrUser === undefined ? refusedOf(role.view, subject, own) : [])),
  ];
  return {
    application: { clientId, name: user.name },
    period: { ...period, uses: uses.length },
    securityRole: {
      privileges: role.privileges.map(({ slot, depth, depthIs, proof }) => ({
        ...{ name: view.dataverse.index.at(slot).name, depth: wordOf(depth), depthIs },
        proof: { use: told(proof.use), condition: proof.condition },
      })),
      keeps: role.keeps,
    },
    ...(hrUser !== undefined && least !== undefined && { humanResources: hrAdvice(hrUser, least) }),
    today: {
      securityRoles: [...new Set(user.roles.map((assigned) => assigned.role.name))].sort(),
      ...(!user.isSystemAdministrator && { privileges: heldPrivileges(view, subject, question, role) }),
      hrRoles: (hrUser?.roles ?? []).map((assigned) => assigned.role.identifier).sort(),
      hrPrivileges: hrUser === undefined ? [] : heldHrPrivileges(hrUser, least),
    },
    uncovered: uncovered.map(toldUncovered),
    warnings: warningsOf(user, uses, least),
    ...roleOperations({
      ...{ view, user, role },
      ...(hrUser !== undefined && least !== undefined && { hr: { user: hrUser, least } }),
    }),
  };
}

/** Uses that are refused as things are. */
const refusedOf = (view: EnvironmentView, subject: Subject, uses: readonly Use[]): readonly UncoveredUse[] =>
  uncoveredOf(uses, (use) => decide('request', new Facts(view, subject, use.shapes)).cause);

const wordOf = (depth: number): string => depthWords[depthOfNumber(depth) ?? 'global'];

const isVirtual = ({ model }: EnvironmentView, { shapes }: Use): boolean =>
  shapes.some(({ table }) => model.table.get(table ?? '')?.kind === 'virtual');

const toldUncovered = ({ use, cause }: UncoveredUse): Uncovered => ({
  ...{ use: told(use), condition: cause.condition, evidence: cause.data ?? {} },
});

const hrAdvice = (
  user: HrUser,
  { duties, privileges, legalEntities }: LeastDuties,
): NonNullable<Advice['humanResources']> => ({
  user: user.id,
  duties,
  privileges: privileges.map(({ privilege, duty, proof }) => ({
    ...{ privilege, proof: { use: told(proof.use), condition: proof.condition } },
    ...(duty !== undefined && { duty }),
  })),
  legalEntities,
});

/** What today's roles give, with the last use of each: never used first, then by age. */
function heldPrivileges(
  view: EnvironmentView,
  subject: Subject,
  { user, uses }: AdviceQuestion,
  { privileges }: LeastRole,
): readonly HeldPrivilege[] {
  const { index } = view.dataverse;
  const lastUses = new Map<number, string>();
  for (const use of uses) {
    for (const { slot } of wantedBy(new Facts(view, subject, use.shapes))) {
      const before = lastUses.get(slot) ?? '';
      if (use.until !== undefined && use.until > before) lastUses.set(slot, use.until);
    }
  }
  const advised = new Map(privileges.map(({ slot, depth }) => [slot, depth]));
  const held = [...view.dataverse.depthsOf(user)].flatMap((depth, slot): HeldPrivilege[] => {
    if (depth === 0) return [];
    const giving = user.roles.filter(({ role }) => (role.depths[slot] ?? 0) > 0).map(({ role }) => role.name);
    const [lastUsed, advisedDepth] = [lastUses.get(slot), advised.get(slot)];
    return [
      {
        ...{ name: index.at(slot).name, depth: wordOf(depth), roles: [...new Set(giving)].sort() },
        ...(lastUsed !== undefined && { lastUsed }),
        ...(advisedDepth !== undefined && { advisedDepth: wordOf(advisedDepth) }),
      },
    ];
  });
  return held.sort((one, other) => (one.lastUsed ?? '').localeCompare(other.lastUsed ?? ''));
}

function heldHrPrivileges({ roles }: HrUser, least: LeastDuties | undefined): readonly HeldHrPrivilege[] {
  const needed = new Set(least?.privileges.map(({ privilege }) => privilege.toLowerCase()));
  const held = new Map<string, { name: string; roles: Set<string>; duties: Set<string> }>();
  for (const { role } of roles) {
    for (const { privilege, duty } of role.privileges) {
      const key = privilege.toLowerCase();
      const known = held.get(key) ?? { name: privilege, roles: new Set(), duties: new Set() };
      held.set(key, known);
      known.roles.add(role.identifier);
      if (duty !== undefined) known.duties.add(duty);
    }
  }
  return [...held].map(([key, { name, roles: givenBy, duties }]) => ({
    ...{ privilege: name, roles: [...givenBy].sort(), duties: [...duties].sort(), isNeeded: needed.has(key) },
  }));
}

function warningsOf(user: ApplicationUser, uses: readonly Use[], least: LeastDuties | undefined): readonly Localized[] {
  const ofTeams = user.roles.flatMap(({ role, teamId }) => (teamId === undefined ? [] : [role.name]));
  const policies = least?.lostPolicies ?? [];
  return [
    ...(uses.length === 0
      ? [
          {
            en: 'No allowed request was found: there is nothing to advise on.',
            nb: 'Fant ingen tillatte forespørsler: det er ikke noe å gi råd om.',
          },
        ]
      : []),
    ...(ofTeams.length === 0
      ? []
      : [
          {
            en: `Roles come from teams too, and stay: ${[...new Set(ofTeams)].sort().join(', ')}`,
            nb: `Roller kommer også fra team, og blir stående: ${[...new Set(ofTeams)].sort().join(', ')}`,
          },
        ]),
    ...(policies.length === 0
      ? []
      : [
          {
            en: `Policies that hold by the name of a role of today would not hold for the new one: ${policies.join(', ')}`,
            nb: `Policyer som gjelder etter navnet på en av dagens roller, ville ikke gjelde for den nye: ${policies.join(', ')}`,
          },
        ]),
  ];
}
