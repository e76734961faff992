import { causeOf } from '../adapter/application-link.ts';
import type { ApplicationUser } from '../dataverse/application-user.ts';
import { authorizePrivileges, authorizeTable } from '../dataverse/authorize-table.ts';
import { mayUseColumn } from '../dataverse/column-access.ts';
import { causeOfDenial } from '../dataverse/decision-to-refusal.ts';
import { findApplicationUser } from '../dataverse/find-user.ts';
import { impersonate } from '../dataverse/impersonate.ts';
import { requireRead } from '../dataverse/native/ownership.ts';
import type { TableGrant } from '../dataverse/table-grant.ts';
import { openAdministration } from '../hr/authorize-administration.ts';
import { authorizeData } from '../hr/authorize-data.ts';
import { type HrSession, openHrSession } from '../hr/hr-session.ts';
import type { ConditionId, RefusalCause, RequestShape } from '../kernel/cause.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Column } from '../metadata/table.ts';
import { operationOf } from '../odata/request-shape.ts';
import { findClientFault } from '../token/verify.ts';
import type { ChainName } from './chains.ts';
import type { Facts } from './facts.ts';
import { isOwnedByMaker } from './owned-by-maker.ts';

/** How far a request comes, decided by the functions that decide requests. */
export interface Decision {
  /** The condition that is not met; absent: all that can be decided are. */
  readonly cause?: RefusalCause;
  /** The grant of the first gate for each shape that it was decided for; empty where the first gate was not passed. */
  readonly grants: readonly GrantedShape[];
  /** Present where the second gate was asked and knows the user. */
  readonly session?: HrSession;
  readonly needsSecondGate: boolean;
}

export interface GrantedShape {
  readonly shape: RequestShape;
  readonly grant: TableGrant;
}

const nothing = { grants: [], needsSecondGate: false } as const;

/**
 * Decides again, by the snapshots in force: client, application user, table privileges, application link, data. Nothing
 * is read, written or counted.
 */
export function decide(chain: ChainName, facts: Facts): Decision {
  const fault = faultOfClient(facts);
  if (fault !== undefined) return { ...nothing, cause: fault };
  switch (chain) {
    case 'token':
    case 'directory':
      return nothing;
    case 'administration':
      return decideAdministration(facts);
    case 'request':
      return decideRequest(facts);
  }
}

function faultOfClient({ view, subject, tenantId }: Facts): RefusalCause | undefined {
  const { clientId, objectId, isOutside } = subject;
  if (isOutside === true) return undefined;
  if (clientId === undefined) return { condition: 'application' };
  const fault = findClientFault(view.directory, { clientId, tenantId, ...(objectId && { objectId }) });
  return fault && { condition: fault.condition, data: { problem: fault.name, clientId, tenantId } };
}

function decideAdministration({ view, subject }: Facts): Decision {
  if (subject.clientId === undefined) return nothing;
  const opened = openAdministration(view.hr, subject.clientId);
  const cause = opened.kind === 'administrator' ? undefined : causeOf(opened);
  return { ...nothing, needsSecondGate: true, ...(cause && { cause }) };
}

function decideRequest(facts: Facts): Decision {
  const { view, shapes } = facts;
  const asker = caught(() => findAsker(facts));
  if (asker.cause !== undefined) return { ...nothing, cause: asker.cause };
  const grants: GrantedShape[] = [];
  for (const shape of shapes) {
    const denial = authorizePrivileges(view.dataverse, asker.value, shape.privileges ?? []);
    if (denial !== undefined) return { ...nothing, cause: causeOfDenial(denial) };
    const operation = operationOf(view.model, shape);
    if (operation === undefined) continue;
    const decision = authorizeTable(view.dataverse, asker.value, operation);
    if (decision.kind === 'deny') return { ...nothing, cause: causeOfDenial(decision) };
    grants.push({ shape, grant: decision.grant });
  }
  const column = grants.map((granted) => findHiddenColumn(asker.value, granted)).find((each) => each !== undefined);
  if (column !== undefined) return { ...nothing, grants, cause: column };
  const owner = grants.map((granted) => causeOfOwner(asker.value, granted)).find((each) => each !== undefined);
  if (owner !== undefined) return { ...nothing, grants, cause: owner };
  const virtual = grants.filter(({ shape }) => view.model.table.get(shape.table ?? '')?.kind === 'virtual');
  return virtual.length === 0 ? { ...nothing, grants } : { grants, ...decideData(facts, asker.value, virtual) };
}

function findAsker({ view, subject }: Facts): ApplicationUser {
  const { clientId, objectId, isOutside, asUserId } = subject;
  if (clientId === undefined) throw new TypeError('the client is known by now');
  const user = findApplicationUser(view.dataverse, clientId, isOutside === true ? objectId : undefined);
  return asUserId === undefined ? user : impersonate(view.dataverse, user, { kind: 'userId', id: asUserId });
}

/** Who makes a row and names no other owner comes to own it, and must be able to read it. */
function causeOfOwner({ id }: ApplicationUser, { shape, grant }: GrantedShape): RefusalCause | undefined {
  const { snapshot } = grant;
  const table = snapshot.model.table.get(shape.table ?? '');
  const owner = snapshot.users.get(id);
  if (shape.kind !== 'create' || table?.kind !== 'native' || owner === undefined) return undefined;
  if (!isOwnedByMaker(table, shape)) return undefined;
  return caught(() => requireRead(snapshot, owner, table)).cause;
}

/** The first column of a table of Dataverse that is written, and that column security keeps from the user. Read, it is null. */
function findHiddenColumn(user: ApplicationUser, { shape, grant }: GrantedShape): RefusalCause | undefined {
  const { snapshot } = grant;
  const table = snapshot.model.table.get(shape.table ?? '');
  if (table?.kind !== 'native' || (shape.kind !== 'create' && shape.kind !== 'update')) return undefined;
  const right = shape.kind;
  const named = (shape.columns ?? []).flatMap((name): Column[] => {
    const column = table.column.get(name);
    return column === undefined ? [] : [column];
  });
  const hidden = named.find((column) => !mayUseColumn(snapshot, user, column, right));
  return hidden && { condition: 'column', data: { table: table.logicalName, column: hidden.name, right } };
}

function decideData(
  { view }: Facts,
  user: ApplicationUser,
  virtual: readonly GrantedShape[],
): Omit<Decision, 'grants'> {
  const session = openHrSession(view.hr, { clientId: user.clientId, appName: user.name });
  if (session.kind === 'deny') return withCause(causeOf(session));
  const causes = virtual.flatMap(({ grant }): RefusalCause[] => {
    const decided = caught(() => authorizeData(session, grant));
    if (decided.cause !== undefined) return [decided.cause];
    const cause = decided.value.kind === 'deny' ? causeOf(decided.value) : undefined;
    return cause === undefined ? [] : [cause];
  });
  return { ...withCause(earliest(causes)), session };
}

const withCause = (cause: RefusalCause | undefined) => ({ needsSecondGate: true, ...(cause && { cause }) });

/** Several tables may each lack something: a condition that is asked earlier decides. */
const order: readonly ConditionId[] = ['hr-role', 'permission', 'legal-entity', 'policy', 'protected-column'];

const earliest = (causes: readonly RefusalCause[]): RefusalCause | undefined =>
  order.flatMap((id) => causes.filter(({ condition }) => condition === id)).at(0) ?? causes[0];

type Caught<T> = { readonly value: T; readonly cause?: undefined } | { readonly cause: RefusalCause };

/** A refusal that names its condition, as a value. */
function caught<T>(job: () => T): Caught<T> {
  try {
    return { value: job() };
  } catch (error) {
    if (error instanceof Refusal && error.unmet !== undefined) return { cause: error.unmet };
    throw error;
  }
}
