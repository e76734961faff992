import type { LegalEntityId } from '../kernel/ids.ts';
import type { AssignedRole, HrPermission, HrUser } from './hr-user.ts';
import { type HrLevel, hrLevels } from './level.ts';

/** Identifier of the role System administrator: full power over Human Resources. */
export const systemAdministratorRole = '-SYSADMIN-';

/** In which legal entities a level is allowed. Tables without a company column need any reach but `none`. */
export type CompanyReach = 'none' | 'all' | ReadonlySet<LegalEntityId>;

export type EntityAccess = Readonly<Record<HrLevel, CompanyReach>>;

/** What one user may do, by securable name. An entity that is not in the map is not reached at all. */
export type EffectiveAccess =
  | typeof systemAdministrator
  | { readonly kind: 'listed'; readonly entities: ReadonlyMap<string, EntityAccess> };

/** Full power, by name: the role System administrator passes over entity permissions (human-resources-security 2.2). */
const systemAdministrator = { kind: 'systemAdministrator' } as const;

const fullAccess: EntityAccess = { Read: 'all', Update: 'all', Create: 'all', Correct: 'all', Delete: 'all' };
const noAccess: EntityAccess = { Read: 'none', Update: 'none', Create: 'none', Correct: 'none', Delete: 'none' };

/** What `access` says about one data entity. */
export function entityAccess(access: EffectiveAccess, securable: string): EntityAccess {
  return access.kind === 'systemAdministrator' ? fullAccess : (access.entities.get(securable) ?? noAccess);
}

/**
 * The algorithm of human-resources-security 2.2 over all roles of a user: a level is denied when it, or a weaker one, is
 * denied anywhere; else it is allowed where it, or a stronger one, is granted.
 */
export function effectiveAccessOf(user: HrUser): EffectiveAccess {
  if (user.roles.some((assigned) => assigned.role.identifier.toUpperCase() === systemAdministratorRole)) {
    return systemAdministrator;
  }
  const statements = new Map<string, Statement[]>();
  for (const assigned of user.roles) collectStatements(assigned, statements);
  const entities = new Map<string, EntityAccess>();
  for (const [entity, said] of statements) entities.set(entity, settle(said));
  return { kind: 'listed', entities };
}

interface Statement {
  readonly companies: AssignedRole['companies'];
  readonly permission: HrPermission;
}

function collectStatements(assigned: AssignedRole, statements: Map<string, Statement[]>): void {
  for (const { permissions } of assigned.role.privileges) {
    for (const permission of permissions) {
      const said = statements.get(permission.entity);
      const statement = { companies: assigned.companies, permission };
      if (said === undefined) statements.set(permission.entity, [statement]);
      else said.push(statement);
    }
  }
}

function settle(said: readonly Statement[]): EntityAccess {
  const reach: Record<HrLevel, CompanyReach> = { ...noAccess };
  for (const [index, level] of hrLevels.entries()) {
    const weakerOrSame = hrLevels.slice(0, index + 1);
    if (said.some(({ permission }) => weakerOrSame.some((lower) => permission.states[lower] === 'Deny'))) break;
    const strongerOrSame = hrLevels.slice(index);
    const grants = said.filter(({ permission }) =>
      strongerOrSame.some((higher) => permission.states[higher] === 'Grant'),
    );
    reach[level] = unite(grants.map((grant) => grant.companies));
  }
  return reach;
}

function unite(companies: readonly AssignedRole['companies'][]): CompanyReach {
  const all = new Set<LegalEntityId>();
  for (const some of companies) {
    if (some === 'all') return 'all';
    for (const company of some) all.add(company);
  }
  return all.size === 0 ? 'none' : all;
}
