import { decide } from '../explain/decide.ts';
import { type EnvironmentView, type Subject, viewWith } from '../explain/environment-view.ts';
import { Facts } from '../explain/facts.ts';
import { HrDraft } from '../explain/simulate-hr.ts';
import { policiesOf } from '../hr/hr-policy.ts';
import { HrSnapshot } from '../hr/hr-snapshot.ts';
import type { AssignedRole, HrRole, HrUser, RolePrivilege } from '../hr/hr-user.ts';
import { hrRights } from '../hr/level.ts';
import type { RefusalCause } from '../kernel/cause.ts';
import type { LegalEntityId } from '../kernel/ids.ts';
import { giveTurn } from './give-turn.ts';
import type { Use } from './recorded-use.ts';
import { coveredOf, proofOf, type UncoveredUse, type UseProof, uncoveredOf } from './tried-uses.ts';

/** One privilege of the smallest role of Human Resources. */
export interface LeastHrPrivilege {
  readonly privilege: string;
  /** A duty of the role that brings it; absent: it stands in the role by itself. */
  readonly duty?: string;
  readonly proof: UseProof;
}

export interface LeastDuties {
  /** Duties that hold nothing but what is needed. */
  readonly duties: readonly string[];
  readonly privileges: readonly LeastHrPrivilege[];
  readonly uncovered: readonly UncoveredUse[];
  /** Policies that hold the user by a role of today, and would not by the new one. */
  readonly lostPolicies: readonly string[];
  /** What policies of roles with one property look at; the new role has it too. */
  readonly contextString: string;
  readonly legalEntities: readonly string[] | 'all';
}

/** Its name while it is tried; nobody sees it. */
const triedRole = 'ADVISED';

/** Tries sets of privileges on a Human Resources user, decided by the functions that decide requests. */
class DutyTrial {
  readonly #view: EnvironmentView;
  readonly #subject: Subject;
  readonly #user: HrUser;
  readonly #companies: AssignedRole['companies'];
  readonly contextString: string;

  constructor(view: EnvironmentView, subject: Subject, user: HrUser) {
    this.#view = view;
    this.#subject = subject;
    this.#user = user;
    this.#companies = companiesOf(user);
    const strings = new Set(user.roles.map(({ role }) => role.contextString).filter((text) => text !== ''));
    const [only, ...others] = strings;
    this.contextString = others.length === 0 ? (only ?? '') : '';
  }

  roleOf(privileges: readonly RolePrivilege[]): HrRole {
    return { identifier: triedRole, name: triedRole, contextString: this.contextString, privileges };
  }

  viewOf(privileges: readonly RolePrivilege[]): EnvironmentView {
    const { links, users, roles, legalEntities, policies } = this.#view.hr;
    const changed = { ...this.#user, roles: [{ role: this.roleOf(privileges), companies: this.#companies }] };
    const others = new Map(users).set(this.#user.id.toLowerCase(), changed);
    return viewWith(this.#view, { hr: new HrSnapshot({ links, users: others, roles, legalEntities, policies }) });
  }

  /** Why a use is refused; `undefined`: it is not. */
  unmet(view: EnvironmentView, use: Use): RefusalCause | undefined {
    return decide('request', new Facts(view, this.#subject, use.shapes)).cause;
  }

  get legalEntities(): LeastDuties['legalEntities'] {
    return this.#companies === 'all' ? 'all' : [...this.#companies].sort();
  }

  lostPolicies(): readonly string[] {
    const { policies } = this.#view.hr;
    const after = new Set(policiesOf(policies, [{ role: this.roleOf([]), companies: this.#companies }]));
    return policiesOf(policies, this.#user.roles)
      .filter((policy) => !after.has(policy))
      .map(({ identifier }) => identifier)
      .sort();
  }
}

function companiesOf({ roles }: HrUser): AssignedRole['companies'] {
  const all = new Set<LegalEntityId>();
  for (const { companies } of roles) {
    if (companies === 'all') return 'all';
    for (const company of companies) all.add(company);
  }
  return all;
}

/**
 * The smallest set of privileges of Human Resources with which all these uses are allowed that `view`'s first gate lets pass: out of all that grant anything,
 * one after the other is taken away, those that give most first, as long as every use stays allowed. What is left has
 * nothing that can be left out.
 */
export async function leastDuties(
  view: EnvironmentView,
  subject: Subject,
  user: HrUser,
  uses: readonly Use[],
): Promise<LeastDuties> {
  const trial = new DutyTrial(view, subject, user);
  const draft = await HrDraft.read(view);
  let kept = candidatesOf(draft, trial);
  const whole = trial.viewOf(kept);
  const uncovered = uncoveredOf(uses, (use) => trial.unmet(whole, use));
  const covered = coveredOf(uses, uncovered);
  const proofs = new Map<RolePrivilege, UseProof>();
  for (const candidate of [...kept].sort((one, other) => powerOf(other) - powerOf(one))) {
    const fewer = kept.filter((each) => each !== candidate);
    const tried = trial.viewOf(fewer);
    const proof = proofOf(covered, (use) => trial.unmet(tried, use));
    if (proof === undefined) kept = fewer;
    else proofs.set(candidate, proof);
    await giveTurn();
  }
  const duties = dutiesWithin(draft, new Set(kept.map(({ privilege }) => privilege.toLowerCase())));
  const privileges = kept.flatMap((each): LeastHrPrivilege[] => {
    // What was needed when more was there is needed still: rights only became fewer.
    const proof = proofs.get(each);
    const duty = duties.find(({ privileges: inside }) => inside.has(each.privilege.toLowerCase()))?.duty;
    return proof === undefined ? [] : [{ privilege: each.privilege, ...(duty !== undefined && { duty }), proof }];
  });
  return {
    duties: duties.map(({ duty }) => duty),
    privileges,
    uncovered,
    lostPolicies: trial.lostPolicies(),
    contextString: trial.contextString,
    legalEntities: trial.legalEntities,
  };
}

/** Every privilege that grants something and denies nothing, as one role would hold them. */
function candidatesOf(draft: HrDraft, trial: DutyTrial): readonly RolePrivilege[] {
  const role = trial.roleOf([]).identifier;
  const identifiers = new Set(
    draft.list('SecurityPrivilegePermissions').map((row) => row['SecurityPrivilegeIdentifier'] ?? ''),
  );
  const snapshot = draft.snapshotAfter([
    { kind: 'add', set: 'SecurityRoles', values: { SecurityRoleIdentifier: role, SecurityRoleName: role } },
    ...[...identifiers].map((privilege) => ({
      ...({ kind: 'add', set: 'SecurityRolePrivileges' } as const),
      values: { SecurityRoleIdentifier: role, SecurityPrivilegeIdentifier: privilege },
    })),
  ]);
  const held = snapshot.roles.get(role.toLowerCase())?.privileges ?? [];
  return held.filter(
    (each) =>
      powerOf(each) > 0 && each.permissions.every(({ states }) => hrRights.every((right) => states[right] !== 'Deny')),
  );
}

/** How many rights a privilege gives. */
const powerOf = ({ permissions }: RolePrivilege): number =>
  permissions.reduce((sum, { states }) => sum + hrRights.filter((right) => states[right] === 'Grant').length, 0);

interface Duty {
  readonly duty: string;
  readonly privileges: ReadonlySet<string>;
}

/** Duties all of whose privileges are needed; the largest first, none whose privileges others have brought. */
function dutiesWithin(draft: HrDraft, needed: ReadonlySet<string>): readonly Duty[] {
  const all = new Map<string, Set<string>>();
  for (const row of draft.list('SecurityDutyPrivileges')) {
    const duty = row['SecurityDutyIdentifier'] ?? '';
    const privileges = all.get(duty) ?? new Set();
    all.set(duty, privileges.add((row['SecurityPrivilegeIdentifier'] ?? '').toLowerCase()));
  }
  const within = [...all].filter(([, privileges]) => [...privileges].every((each) => needed.has(each)));
  const left = new Set(needed);
  const chosen: Duty[] = [];
  for (const [duty, privileges] of within.sort(([, one], [, other]) => other.size - one.size)) {
    if (![...privileges].every((each) => left.has(each))) continue;
    for (const each of privileges) left.delete(each);
    chosen.push({ duty, privileges });
  }
  return chosen;
}
