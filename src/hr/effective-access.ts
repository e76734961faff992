import type { LegalEntityId } from '../kernel/ids.ts';
import type { Column, Table } from '../metadata/table.ts';
import type { Condition } from '../odata/query.ts';
import { restrictedColumns } from './column-access.ts';
import { type HrPolicy, policiesOf, RowPolicies } from './hr-policy.ts';
import type { AssignedRole, HrPermission, HrUser } from './hr-user.ts';
import { type HrLevel, type HrRight, hrLevels, hrRights, securableKey, securableName } from './level.ts';

/** Identifier of the role System administrator: full power over Human Resources. */
export const systemAdministratorRole = '-SYSADMIN-';

/** In which legal entities a right is held. Tables without a company column need any reach but `none`. */
export type CompanyReach = 'none' | 'all' | ReadonlySet<LegalEntityId>;

/** What all permissions together say about one securable object. */
export interface ObjectAccess {
  readonly reach: Readonly<Record<HrRight, CompanyReach>>;
  /** Denied by name somewhere, this right or a weaker one: more than not granted. */
  readonly denied: ReadonlySet<HrRight>;
}

/** What one user may do. */
export type EffectiveAccess = typeof systemAdministrator | ListedAccess;

/** Full power, by name: the role System administrator passes over entity permissions (human-resources-security 2.2). */
const systemAdministrator = { kind: 'systemAdministrator' } as const;

const noReach: ObjectAccess['reach'] = {
  Read: 'none',
  Update: 'none',
  Create: 'none',
  Correct: 'none',
  Delete: 'none',
  Invoke: 'none',
};
const fullReach: ObjectAccess['reach'] = {
  Read: 'all',
  Update: 'all',
  Create: 'all',
  Correct: 'all',
  Delete: 'all',
  Invoke: 'all',
};
const noAccess: ObjectAccess = { reach: noReach, denied: new Set() };

/** The rights of a user who is not a system administrator, object by object. What is worked out for a table is kept. */
export class ListedAccess {
  readonly kind = 'listed';
  readonly policies: RowPolicies;
  readonly #objects: ReadonlyMap<string, ObjectAccess>;
  readonly #tables = new WeakMap<Table, TableAccess>();

  constructor(objects: ReadonlyMap<string, ObjectAccess>, policies: RowPolicies) {
    this.#objects = objects;
    this.policies = policies;
  }

  /** What is said about an object; `undefined`: nothing. */
  find(securable: string): ObjectAccess | undefined {
    return this.#objects.get(securable);
  }

  /** What is said about the data entity behind a table, its columns and its rows. */
  of(table: Table): TableAccess {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const entity = this.find(securableKey('DataEntity', securableName(table))) ?? noAccess;
    const made: TableAccess = {
      reach: entity.reach,
      restricted: byLevel((level) => restrictedColumns(this, table, level)),
      rows: byLevel((level) => this.policies.conditionOf(table, level)),
    };
    this.#tables.set(table, made);
    return made;
  }
}

/** What one user may do with one table. What depends on a level is worked out when first asked. */
export interface TableAccess {
  readonly reach: ObjectAccess['reach'];
  /** Columns that the user may not use (step 19). */
  restricted(level: HrLevel): ReadonlySet<Column>;
  /** Rows that policies leave; `undefined` limits nothing (step 18). */
  rows(level: HrLevel): Condition | undefined;
}

function byLevel<T>(of: (level: HrLevel) => T): (level: HrLevel) => T {
  const known: Partial<Record<HrLevel, { readonly value: T }>> = {};
  return (level) => {
    const found = known[level] ?? { value: of(level) };
    known[level] = found;
    return found.value;
  };
}

/** In which legal entities `right` is held on the data entity behind a table. */
export const entityReach = (access: EffectiveAccess, table: Table, right: HrRight): CompanyReach =>
  (access.kind === 'systemAdministrator' ? fullReach : access.of(table).reach)[right];

/** May the user call the service operation with this `securableKey`? */
export function serviceAccess(access: EffectiveAccess, service: string): 'allowed' | 'denied' | 'not granted' {
  if (access.kind === 'systemAdministrator') return 'allowed';
  const said = access.find(service) ?? noAccess;
  if (said.denied.has('Invoke')) return 'denied';
  return said.reach.Invoke === 'none' ? 'not granted' : 'allowed';
}

/**
 * The algorithm of human-resources-security 2.2 over all roles of a user: a level is denied when it, or a weaker one, is
 * denied anywhere; else it is allowed where it, or a stronger one, is granted. `Invoke` stands for itself.
 */
export function effectiveAccessOf(user: HrUser, policies: readonly HrPolicy[]): EffectiveAccess {
  if (user.roles.some((assigned) => assigned.role.identifier.toUpperCase() === systemAdministratorRole)) {
    return systemAdministrator;
  }
  const statements = new Map<string, Statement[]>();
  for (const assigned of user.roles) collectStatements(assigned, statements);
  const objects = new Map([...statements].map(([securable, said]) => [securable, settle(said)]));
  return new ListedAccess(objects, new RowPolicies(policiesOf(policies, user.roles)));
}

interface Statement {
  readonly companies: AssignedRole['companies'];
  readonly permission: HrPermission;
}

function collectStatements(assigned: AssignedRole, statements: Map<string, Statement[]>): void {
  for (const { permissions } of assigned.role.privileges) {
    for (const permission of permissions) {
      const said = statements.get(permission.securable);
      const statement = { companies: assigned.companies, permission };
      if (said === undefined) statements.set(permission.securable, [statement]);
      else said.push(statement);
    }
  }
}

/** Rights whose denial denies this one, and rights whose grant grants it: itself among both. */
export function strengthOf(right: HrRight): Readonly<Record<'weaker' | 'stronger', readonly HrRight[]>> {
  if (right === 'Invoke') return { weaker: ['Invoke'], stronger: ['Invoke'] };
  const at = hrLevels.indexOf(right);
  return { weaker: hrLevels.slice(0, at + 1), stronger: hrLevels.slice(at) };
}

function settle(said: readonly Statement[]): ObjectAccess {
  const reach: Record<HrRight, CompanyReach> = { ...noReach };
  const denied = new Set<HrRight>();
  for (const right of hrRights) {
    const { weaker, stronger } = strengthOf(right);
    if (said.some(({ permission }) => weaker.some((each) => permission.states[each] === 'Deny'))) {
      denied.add(right);
      continue;
    }
    const grants = said.filter(({ permission }) => stronger.some((each) => permission.states[each] === 'Grant'));
    reach[right] = unite(grants.map((grant) => grant.companies));
  }
  return { reach, denied };
}

function unite(companies: readonly AssignedRole['companies'][]): CompanyReach {
  const all = new Set<LegalEntityId>();
  for (const some of companies) {
    if (some === 'all') return 'all';
    for (const company of some) all.add(company);
  }
  return all.size === 0 ? 'none' : all;
}
