import type { SecurityRole } from '../dataverse/application-user.ts';
import type { DataverseSnapshot } from '../dataverse/snapshot.ts';
import { withChangedRole } from '../dataverse/with-roles.ts';
import { conditionsOf } from '../explain/chains.ts';
import { decide } from '../explain/decide.ts';
import { type EnvironmentView, viewWith } from '../explain/environment-view.ts';
import { Facts } from '../explain/facts.ts';
import { type HrChange, HrDraft } from '../explain/simulate-hr.ts';
import type { ConditionId } from '../kernel/cause.ts';
import type { ClientId } from '../kernel/ids.ts';
import { giveTurn } from './give-turn.ts';
import type { Use } from './recorded-use.ts';
import type { BrokenUse, Simulation } from './simulation.ts';
import { told } from './told-use.ts';

/** A change of one role that is thought of: what it would no longer have, or that it would be gone. */
export interface RoleChange {
  /** Name of a security role, or identifier of a role of Human Resources. */
  readonly role: string;
  readonly isDeleted: boolean;
  /** Names of privileges, and of duties in Human Resources, that it loses. */
  readonly loses: readonly string[];
}

/** What the role to be changed is not. */
export class UnknownInRole extends Error {
  readonly what: string;
  readonly named: string;
  readonly known: readonly string[];

  constructor(what: string, named: string, known: readonly string[]) {
    super(`no ${what} ${named}`);
    this.what = what;
    this.named = named;
    this.known = known;
  }
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The environment if a security role were so. @throws UnknownInRole */
export function withSecurityRole(view: EnvironmentView, { role, isDeleted, loses }: RoleChange): EnvironmentView {
  const { dataverse } = view;
  const roots = [...dataverse.roles.values()].filter(({ id, rootId }) => id === rootId);
  const found = roots.find(({ name }) => isSame(name, role));
  if (found === undefined)
    throw new UnknownInRole(
      'security role',
      role,
      roots.map(({ name }) => name),
    );
  const depths = isDeleted ? undefined : withoutPrivileges(dataverse, found, loses);
  return viewWith(view, { dataverse: withChangedRole(dataverse, found.rootId, depths) });
}

function withoutPrivileges(
  { index }: DataverseSnapshot,
  { depths }: SecurityRole,
  loses: readonly string[],
): Uint8Array {
  const fewer = Uint8Array.from(depths);
  for (const name of loses) {
    const slot = index.findByName(name);
    if (slot === undefined || (depths[slot] ?? 0) === 0) {
      const held = index.privileges.flatMap((each, at) => ((depths[at] ?? 0) > 0 ? [each.name] : []));
      throw new UnknownInRole('privilege of the role', name, held);
    }
    fewer[slot] = 0;
  }
  return fewer;
}

/** Users who hold a security role. */
export const holdersOf = ({ dataverse }: EnvironmentView, role: string): readonly string[] =>
  [...dataverse.users.values()]
    .filter(({ roles }) => roles.some((each) => isSame(each.role.name, role)))
    .map(({ name }) => name)
    .sort();

/** The environment if a role of Human Resources were so. @throws UnknownInRole */
export async function withHrRole(
  view: EnvironmentView,
  { role, isDeleted, loses }: RoleChange,
): Promise<EnvironmentView> {
  const draft = await HrDraft.read(view);
  const known = draft.list('SecurityRoles').map((row) => row['SecurityRoleIdentifier'] ?? '');
  const identifier = known.find((each) => isSame(each, role));
  if (identifier === undefined) throw new UnknownInRole('role of Human Resources', role, known);
  const key = { SecurityRoleIdentifier: identifier };
  const changes: HrChange[] = isDeleted
    ? [{ kind: 'remove', set: 'SecurityRoles', key }]
    : loses.map((name) => lossOf(draft, identifier, name));
  return viewWith(view, { hr: draft.snapshotAfter(changes) });
}

/** What a role of Human Resources holds by itself. */
const held = [
  { set: 'SecurityRolePrivileges', column: 'SecurityPrivilegeIdentifier' },
  { set: 'SecurityRoleDuties', column: 'SecurityDutyIdentifier' },
] as const;

function lossOf(draft: HrDraft, role: string, name: string): HrChange {
  const all: string[] = [];
  for (const { set, column } of held) {
    const own = draft.list(set).filter((row) => isSame(row['SecurityRoleIdentifier'] ?? '', role));
    const found = own.find((row) => isSame(row[column] ?? '', name));
    if (found !== undefined) {
      return { kind: 'remove', set, key: { SecurityRoleIdentifier: role, [column]: found[column] ?? name } };
    }
    all.push(...own.map((row) => row[column] ?? ''));
  }
  throw new UnknownInRole('duty or privilege of the role', name, all);
}

/** Users of Human Resources who hold a role. */
export const hrHoldersOf = ({ hr }: EnvironmentView, role: string): readonly string[] =>
  [...hr.users.values()]
    .filter(({ roles }) => roles.some((each) => isSame(each.role.identifier, role)))
    .map(({ id }) => id)
    .sort();

const conditions = conditionsOf('request');

/** The condition that is not met, and what it is called. */
function lackOf(condition: ConditionId): Pick<BrokenUse, 'condition' | 'conditionTitle'> {
  const title = conditions.find(({ id }) => id === condition)?.title;
  return { condition, conditionTitle: title ?? { en: condition, nb: condition } };
}

/** Asks recorded uses once more, of the environment as it is and as it would be. */
export async function findBroken(
  before: EnvironmentView,
  after: EnvironmentView,
  usesOf: ReadonlyMap<ClientId, readonly Use[]>,
): Promise<Pick<Simulation, 'broken' | 'refusedToday'>> {
  const broken: BrokenUse[] = [];
  let refusedToday = 0;
  for (const [clientId, uses] of usesOf) {
    const name = before.dataverse.usersByClientId.get(clientId)?.name ?? clientId;
    for (const use of uses) {
      const subject = { clientId, ...(use.asUserId !== undefined && { asUserId: use.asUserId }) };
      if (decide('request', new Facts(before, subject, use.shapes)).cause !== undefined) {
        refusedToday += use.count;
        continue;
      }
      const { cause } = decide('request', new Facts(after, subject, use.shapes));
      if (cause !== undefined) broken.push({ clientId, name, use: told(use), ...lackOf(cause.condition) });
    }
    await giveTurn();
  }
  broken.sort((one, other) => other.use.count - one.use.count);
  return { broken, refusedToday };
}
