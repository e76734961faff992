import type { Guid } from '../kernel/ids.ts';
import type { EntityAction } from '../metadata/entity-actions.ts';
import type { Table } from '../metadata/table.ts';
import type { AuthorizedPlan, WriteScope } from '../odata/authorized-plan.ts';
import type { FlatQuery } from '../odata/flat-query.ts';
import type { Bind, MessageParameters, Operation } from '../odata/operation.ts';
import type { Condition, Query } from '../odata/query.ts';
import type { Denial } from './hr-session.ts';

export type ReadOperation = Extract<Operation, { kind: 'retrieve' | 'retrieveMultiple' | 'count' }>;
export type RelatedOperation = Extract<Operation, { kind: 'retrieveRelated' }>;

/** One query. */
export interface AuthorizedRead {
  readonly kind: 'read';
  readonly operation: ReadOperation;
  readonly plan: AuthorizedPlan<Query>;
}

/** Joined rows, groups and aggregates. */
export interface AuthorizedFlat {
  readonly kind: 'flat';
  readonly plan: AuthorizedPlan<FlatQuery>;
}

/** Rows reached from one row: first that row, then those it leads to. */
export interface AuthorizedRelated {
  readonly kind: 'related';
  readonly operation: RelatedOperation;
  /** The row to start from, with the lookup to follow where the navigation is single-valued. */
  readonly source: AuthorizedPlan<Query>;
  /** What it leads to, under the condition that ties it to the source. */
  readonly target: (tie: Condition) => AuthorizedPlan<Query>;
}

/** A lookup to be set, and the rows that it may be set to: every other row counts as missing. */
export interface ReadableBind extends Bind {
  /** `undefined` limits nothing. */
  readonly readable: Condition | undefined;
}

/** Every row that is written must be among `rows`, or the write is refused with `denial` and undone. */
export interface PolicyLimit {
  readonly rows: Condition;
  readonly denial: Denial;
}

/** Whether the user may call a method of a data entity on a row of this legal entity. */
export type InvokeDenial = (table: Table, method: string, company: string | undefined) => Denial | undefined;

/** What policies leave of the tables beside the one that a write is about. */
export interface PolicyReach {
  /** Rows that readable ids may lead to; `undefined`: all. */
  readonly leadsTo: (table: Table) => Condition | undefined;
  /** Of rows that business logic changes because the caller's own row was changed, before and after. */
  readonly shared: (table: Table) => readonly PolicyLimit[];
}

/** An action on one row. */
export interface AuthorizedAction {
  readonly kind: 'action';
  readonly action: EntityAction;
  readonly parameters: MessageParameters;
  /** The row as an update without values: what it changes is the action's affair. */
  readonly plan: AuthorizedPlan<WriteScope>;
  /** Rows that the user may see, although perhaps not do this to. */
  readonly readable: Condition | undefined;
  /** Why a row of this legal entity that may be seen is not one to do this to; `undefined`: the legal entity is not why. */
  readonly outside: (company: string) => Denial | undefined;
  /** What policies leave: of rows like the one that the action is called on, and of those that it makes. */
  readonly policies: {
    readonly changed: PolicyLimit | undefined;
    readonly created: (table: Table) => PolicyLimit | undefined;
  };
  /** Whether a row that the action makes in `table` may be in this legal entity. */
  readonly companyDenial: (table: Table, company: string) => Denial | undefined;
  readonly beside: PolicyReach;
  readonly invokeDenial: InvokeDenial;
}

/** A change of one row. */
export interface AuthorizedWrite {
  readonly kind: 'write';
  readonly plan: AuthorizedPlan<WriteScope>;
  /** The binds of the operation; carry these out, not the plan's own, which know no limit. */
  readonly binds: readonly ReadableBind[];
  /** A `$ref` call, which answers without the row. */
  readonly isLink: boolean;
  /** An update whose row is not there may make it, unless this says no. */
  readonly createDenial: Denial | undefined;
  /** Rows that the user may see, although perhaps not change. */
  readonly readable: Condition | undefined;
  /**
   * Whether the write may be about a row of this legal entity: one that may be seen but not changed, or a new one that was
   * given it by the row that it is nested in.
   */
  readonly companyDenial: (company: string) => Denial | undefined;
  /** What policies leave: of rows that are made, and of rows that are changed or deleted, before the change and after. */
  readonly policies: Readonly<Record<'created' | 'changed', PolicyLimit | undefined>>;
  readonly beside: PolicyReach;
  /** A write by hand of what a method would set asks for the right to call the method. */
  readonly invokeDenial: InvokeDenial;
  /** The row as it stands after the write; absent when the caller did not ask for it. */
  readonly representation: ((id: Guid) => AuthorizedPlan<Query>) | undefined;
}

/** What a provider is given: an operation that passed both gates, as plans that storage accepts. */
export type AuthorizedOperation =
  | AuthorizedRead
  | AuthorizedFlat
  | AuthorizedRelated
  | AuthorizedWrite
  | AuthorizedAction;
