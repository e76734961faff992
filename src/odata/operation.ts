import type { Guid } from '../kernel/ids.ts';
import type { Column, Navigation, SingleNavigation, Table } from '../metadata/table.ts';
import type { FlatQuery } from './flat-query.ts';
import type { Query, Value } from './query.ts';

/** Column values of a body, checked against the model. */
export type Values = ReadonlyMap<Column, Value>;

/** `"<navigation>@odata.bind": "/set(id)"`, or `null` to clear. */
export interface Bind {
  readonly navigation: SingleNavigation;
  readonly id: Guid | null;
  /** Table that the URL named, where the lookup takes rows of several (`LookupDefinition.targets`). */
  readonly table?: Table;
}

/** A lookup to a row that the same request has made (deep insert). Unlike a bind it may set a lookup that is read-only. */
export interface Join {
  readonly navigation: SingleNavigation;
  readonly id: Guid;
}

/** A row to be made, and the rows that its body holds or names under navigation properties. */
export interface RowTree {
  readonly table: Table;
  readonly values: Values;
  readonly binds: readonly Bind[];
  /** Rows to be made with it; one where the navigation is single-valued. */
  readonly branches: readonly { readonly navigation: Navigation; readonly rows: readonly RowTree[] }[];
  /** Rows that are there, to be joined to it: `"<collection>@odata.bind": ["/set(id)"]`. */
  readonly links: readonly { readonly navigation: Navigation; readonly ids: readonly Guid[] }[];
}

/** Several operations that one request stands for. All of them are kept, or none. */
export type Composite =
  | {
      readonly kind: 'tree';
      readonly tree: RowTree;
      /** The row that is there, and through which of its collections the new one comes to be related to it. */
      readonly parent?: { readonly navigation: Exclude<Navigation, SingleNavigation>; readonly id: Guid };
    }
  | {
      readonly kind: 'multiple';
      readonly table: Table;
      readonly targets: readonly MultipleTarget[];
      /** The answer lists the ids of new rows. */
      readonly answersIds: boolean;
    }
  /** Rows that each of the queries finds are deleted. Their outputs hold the primary key. */
  | { readonly kind: 'bulkDelete'; readonly queries: readonly FlatQuery[] };

/** One row of a bulk message. */
export interface MultipleTarget {
  readonly operation: CreateOperation | UpdateOperation;
  /** Present where a new row comes with others. */
  readonly tree?: RowTree;
}

/** Precondition on the row version: `If-Match: *`, `If-None-Match: *`, or the versions listed. */
export interface Precondition {
  readonly kind: 'match' | 'noneMatch';
  readonly versions: '*' | readonly bigint[];
}

/** One request in the words of the model: what is asked, before anybody has decided whether it is allowed. */
export type Operation =
  | { readonly kind: 'retrieve'; readonly query: Query; readonly id: Guid; readonly precondition?: Precondition }
  | { readonly kind: 'retrieveMultiple'; readonly query: Query; readonly pageNumber: number }
  | {
      readonly kind: 'create';
      readonly table: Table;
      readonly values: Values;
      readonly binds: readonly Bind[];
      readonly joins?: readonly Join[];
      /** Shape of the answer when `Prefer: return=representation`. */
      readonly representation?: Query;
    }
  | {
      readonly kind: 'update';
      readonly table: Table;
      readonly id: Guid;
      readonly values: Values;
      readonly binds: readonly Bind[];
      /** Without `If-Match` a PATCH to an id that is not there creates the row (upsert). */
      readonly mayCreate: boolean;
      readonly mayUpdate: boolean;
      readonly precondition?: Precondition;
      readonly representation?: Query;
    }
  | { readonly kind: 'delete'; readonly table: Table; readonly id: Guid; readonly precondition?: Precondition }
  | {
      readonly kind: 'associate' | 'disassociate';
      readonly table: Table;
      readonly id: Guid;
      readonly navigation: Navigation;
      /** Absent when a single-valued lookup is cleared. */
      readonly targetId: Guid | undefined;
      /** As in `Bind.table`. */
      readonly targetTable?: Table;
    }
  | { readonly kind: 'retrieveRelated'; readonly id: Guid; readonly navigation: Navigation; readonly query: Query }
  | { readonly kind: 'count'; readonly query: Query }
  /** Joined rows, groups and aggregates: `$apply` and FetchXML. */
  | { readonly kind: 'flat'; readonly query: FlatQuery }
  | {
      readonly kind: 'message';
      readonly name: string;
      readonly bound?: BoundRow;
      readonly parameters: MessageParameters;
    };

export type CreateOperation = Extract<Operation, { kind: 'create' }>;
export type UpdateOperation = Extract<Operation, { kind: 'update' }>;

export interface BoundRow {
  readonly table: Table;
  readonly id: Guid;
}

/** Parameters of a function (from the URL) or an action (its JSON body), as parsed JSON; the message checks them itself. */
export type MessageParameters = Readonly<Record<string, unknown>>;
