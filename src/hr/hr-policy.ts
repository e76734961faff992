import { systemClock } from '../kernel/clock.ts';
import type { Navigation, Table } from '../metadata/table.ts';
import { Asking } from '../odata/asking.ts';
import { bindFilter } from '../odata/bind-filter.ts';
import { Differences } from '../odata/fidelity.ts';
import { and, type Condition } from '../odata/query.ts';
import { parseExpression } from '../odata/syntax/expression.ts';
import type { AssignedRole } from './hr-user.ts';
import { type HrLevel, securableName } from './level.ts';

/** Operations that a policy may be about, and the levels that each of them takes rows away from. */
export const policyOperations = {
  AllOperations: ['Read', 'Update', 'Create', 'Correct', 'Delete'],
  Select: ['Read'],
  Insert: ['Create'],
  Update: ['Update', 'Correct'],
  Delete: ['Delete'],
} as const satisfies Record<string, readonly HrLevel[]>;

export type PolicyOperation = keyof typeof policyOperations;

/** Whom a policy holds: users with one role, or with any role that has this context string. */
export const policyContexts = ['RoleName', 'RoleProperty'] as const;

export type PolicyContext = (typeof policyContexts)[number];

/**
 * A record-level policy (XDS, human-resources-security 2.6): of the constrained data entities only those rows remain that
 * lead to a row of the primary one that meets the query. It takes rows away; roles alone give any.
 */
export interface HrPolicy {
  readonly identifier: string;
  readonly operation: PolicyOperation;
  readonly context: PolicyContext;
  /** Role identifier or context string, lower case. */
  readonly contextString: string;
  /** Securable name of the primary data entity, lower case. */
  readonly primary: string;
  /** A `$filter` on the primary data entity; empty: every row of it will do. */
  readonly query: string;
  readonly constrained: readonly ConstrainedEntity[];
}

export interface ConstrainedEntity {
  /** Securable name, lower case. */
  readonly entity: string;
  /** Navigation properties that lead from a row to the primary data entity, joined by `/`; empty: it is the primary one. */
  readonly path: string;
}

/** Role that switches all policies off for who has it (2.6). */
export const policyBypassRole = 'XDSDataAccessPolicyBypassRole';

/**
 * The policies that hold a user. Only roles that are assigned count: one inside another role does not bring its policies
 * along (2.6). The bypass role frees of all.
 */
export function policiesOf(policies: readonly HrPolicy[], roles: readonly AssignedRole[]): readonly HrPolicy[] {
  const identifiers = new Set(roles.map(({ role }) => role.identifier.toLowerCase()));
  if (identifiers.has(policyBypassRole.toLowerCase())) return [];
  const strings = new Set(roles.map(({ role }) => role.contextString.toLowerCase()).filter((text) => text !== ''));
  return policies.filter(({ context, contextString }) =>
    (context === 'RoleName' ? identifiers : strings).has(contextString),
  );
}

/** What the policies of one user leave of the rows of a table. */
export class RowPolicies {
  readonly policies: readonly HrPolicy[];
  constructor(policies: readonly HrPolicy[]) {
    this.policies = policies;
  }

  /** Rows that remain for `level`: those that satisfy every policy. `undefined` where there is none. */
  conditionOf(table: Table, level: HrLevel): Condition | undefined {
    if (this.policies.length === 0 || table.kind !== 'virtual') return undefined;
    return and(...this.on(table, level).map((policy) => compilePolicy(policy, table)));
  }

  /** The policies that have a say in `level` on a table. */
  on(table: Table, level: HrLevel): readonly HrPolicy[] {
    const entity = securableName(table);
    return this.policies.filter(
      ({ operation, constrained }) =>
        isAbout(operation, level) && constrained.some((constraint) => constraint.entity === entity),
    );
  }
}

const isAbout = (operation: PolicyOperation, level: HrLevel): boolean => {
  const levels: readonly HrLevel[] = policyOperations[operation];
  return levels.includes(level);
};

/** One policy as a condition on rows of a table that it constrains. What cannot be understood leaves no row. */
function compilePolicy(policy: HrPolicy, table: Table): Condition {
  const entity = securableName(table);
  const ways = policy.constrained.filter((constraint) => constraint.entity === entity);
  try {
    return and(...ways.map(({ path }) => constrain(policy, table, path))) ?? { kind: 'always' };
  } catch {
    // The way or the query was sound when it was written; a table may have changed since. Absence denies.
    return { kind: 'never' };
  }
}

/**
 * Rows of `table` that a way along navigation properties leads to a row which meets the policy's query. Throws a `Refusal`
 * or `RangeError` that says what is wrong with the way or the query.
 */
export function constrain(policy: Pick<HrPolicy, 'primary' | 'query'>, table: Table, path: string): Condition {
  const way = wayAlong(table, path);
  const end = way.at(-1)?.target ?? table;
  if (securableName(end) !== policy.primary) {
    throw new RangeError(`the way leads to ${securableName(end)}, not to ${policy.primary}`);
  }
  const rows = policy.query.trim() === '' ? ({ kind: 'always' } as const) : bindQuery(policy.query, end);
  return way.reduceRight<Condition>((where, navigation) => ({ kind: 'through', navigation, where }), rows);
}

function wayAlong(table: Table, path: string): readonly Navigation[] {
  const way: Navigation[] = [];
  for (const name of path === '' ? [] : path.split('/')) {
    const from = way.at(-1)?.target ?? table;
    const navigation = from.navigation.get(name);
    if (navigation === undefined) throw new RangeError(`${securableName(from)} has no navigation property '${name}'`);
    way.push(navigation);
  }
  return way;
}

/** Throws a `Refusal` of the parser, which says what is wrong and where. */
function bindQuery(query: string, table: Table): Condition {
  const source = { text: query, part: 'PolicyQuery' };
  const asking = new Asking(systemClock, () => undefined);
  const scope = { table, source, aliases: undefined, differences: new Differences('extended'), asking };
  const condition = bindFilter(parseExpression(source), scope);
  // It is bound once and kept: the time of a snapshot is not that of a request.
  if (asking.used) throw new RangeError('the query must not ask for the time or for the caller');
  return condition;
}
