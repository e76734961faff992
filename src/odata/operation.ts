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

export interface BoundRow {
  readonly table: Table;
  readonly id: Guid;
}

/** Parameters of a function (from the URL) or an action (its JSON body), as parsed JSON; the message checks them itself. */
export type MessageParameters = Readonly<Record<string, unknown>>;
