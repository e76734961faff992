import { chains, conditionsOf } from '../explain/chains.ts';
import { countRows } from '../explain/count-rows.ts';
import { decide } from '../explain/decide.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { Facts } from '../explain/facts.ts';
import { accessPaths } from '../hr/explain.ts';
import type { HrLevel } from '../hr/level.ts';
import type { ConditionId, RequestShape } from '../kernel/cause.ts';
import { type ClientId, parseGuid } from '../kernel/ids.ts';
import type { Somebody, WhoCanAnswer } from './answers.ts';
import { outcomeOf } from './can-i.ts';
import type { Question } from './question.ts';

/** Every application that the tenant or a gate knows, decided by the functions that decide requests. */
export async function whoCan(view: EnvironmentView, asked: Omit<Question, 'subject'>): Promise<WhoCanAnswer> {
  const all: Somebody[] = [];
  for (const [clientId, name] of applicationsOf(view))
    all.push(await judge(view, { ...asked, subject: { clientId } }, name));
  const isAllowed = ({ outcome }: Somebody): boolean => outcome === 'allowed';
  return {
    asked: asked.shapes[0] ?? { kind: 'read' },
    can: all.filter(isAllowed).sort(byName),
    cannot: all
      .filter((each) => !isAllowed(each))
      .sort((one, other) => placeOf(other) - placeOf(one) || byName(one, other)),
  };
}

const byName = (one: Somebody, other: Somebody): number => one.name.localeCompare(other.name);

const order: readonly ConditionId[] = chains.request;
const titles = new Map(conditionsOf('request').map(({ id, title }) => [id, title]));

/** Where only the row is not there, all conditions are met. */
const placeOf = ({ condition }: Somebody): number =>
  condition === undefined ? order.length : order.indexOf(condition);

function applicationsOf({ directory, dataverse, hr, tenantId }: EnvironmentView): ReadonlyMap<ClientId, string> {
  const names = new Map<ClientId, string>();
  for (const { clientId, displayName, tenantId: own } of directory.content.applications) {
    const isKnown = own === tenantId || directory.findServicePrincipal(tenantId, clientId) !== undefined;
    if (isKnown) names.set(clientId, displayName);
  }
  for (const [clientId, { name }] of dataverse.usersByClientId) names.set(clientId, names.get(clientId) ?? name);
  for (const key of hr.links.keys()) {
    const clientId = parseGuid<ClientId>(key);
    if (clientId !== undefined) names.set(clientId, names.get(clientId) ?? clientId);
  }
  return names;
}

async function judge(view: EnvironmentView, question: Question, name: string): Promise<Somebody> {
  const { subject, shapes, targetId } = question;
  const facts = new Facts(view, subject, shapes);
  const decision = decide('request', facts);
  const isRefused = decision.cause !== undefined;
  const rows = isRefused || targetId === undefined ? undefined : await countRows(view, decision, targetId);
  const loss = rows?.all === 0 ? undefined : rows?.losses.find(({ remaining }) => remaining === 0);
  const condition = decision.cause?.condition ?? loss?.condition;
  const giving = new Set(decision.grants.flatMap(({ grant }) => grant.because));
  const roles = (facts.user?.roles ?? []).filter(({ role }) => giving.has(role.id)).map(({ role }) => role.name);
  const { hrUser, table } = facts;
  return {
    clientId: subject.clientId ?? '',
    name,
    outcome: outcomeOf({ isRefused, ...(rows && { rows }) }, question),
    ...lackOf(condition),
    securityRoles: [...new Set(roles)].sort(),
    ...(table?.kind === 'virtual' && hrUser !== undefined && { hrUser: hrUser.id }),
    hrRoles: grantingRoles(facts),
  };
}

function lackOf(condition: ConditionId | undefined): Pick<Somebody, 'condition' | 'conditionTitle'> {
  if (condition === undefined) return {};
  const conditionTitle = titles.get(condition);
  return { condition, ...(conditionTitle && { conditionTitle }) };
}

const levelOf: Partial<Record<RequestShape['kind'], HrLevel>> = {
  read: 'Read',
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  link: 'Update',
};

function grantingRoles({ hrUser, table, shapes }: Facts): readonly string[] {
  const level = levelOf[shapes[0]?.kind ?? 'message'];
  if (table?.kind !== 'virtual' || hrUser === undefined || level === undefined) return [];
  const granting = accessPaths(hrUser, table, level).filter(({ state }) => state === 'Grant');
  return [...new Set(granting.map(({ role }) => role))].sort();
}
