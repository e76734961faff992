import type { Guid } from '../kernel/ids.ts';
import type { Column, Navigation, SingleNavigation, Table } from '../metadata/table.ts';

/**
 * What storage keeps and compares, by column type: `String`, `Memo`: string; `Guid`, `Lookup`: lower-case GUID;
 * `Integer`, `Choice`: number; `BigInt`: bigint; `Decimal`: canonical decimal text such as `-12.5` (no exponent);
 * `Boolean`: boolean; `Choices`: numbers of options, ascending, with commas between them; `Date`, `DateTime`: `YYYY-MM-DDThh:mm:ssZ`. `null` is "no value".
 */
export type Value = string | number | bigint | boolean | null;

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextOperator = 'contains' | 'startswith' | 'endswith';

/**
 * A condition on one row. Text compares without regard to case and sorts by the environment's alphabet.
 * `eq null` and `ne null` ask for absence and presence; `ne` with a value also holds for rows without a value (OData 4.01
 * section 5.1.1.1.2); every other comparison with an absent value is neither true nor false.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly op: ComparisonOperator; readonly column: Column; readonly value: Value }
  | {
      readonly kind: 'compareColumns';
      readonly op: ComparisonOperator;
      readonly left: Column;
      readonly right: Column;
    }
  | { readonly kind: 'text'; readonly op: TextOperator; readonly column: Column; readonly value: string }
  | { readonly kind: 'like'; readonly column: Column; readonly pattern: Pattern }
  /** The month of a date, from 1 in whatever year. */
  | { readonly kind: 'month'; readonly column: Column; readonly months: readonly number[] }
  | { readonly kind: 'in'; readonly column: Column; readonly values: readonly Value[] }
  /** One of the options in a `Choices` column is one of these. */
  | { readonly kind: 'options'; readonly column: Column; readonly options: readonly number[] }
  /** Every bit of `mask` is set in a whole number. */
  | { readonly kind: 'bits'; readonly column: Column; readonly mask: number }
  | Through
  | Linked
  | Hierarchy
  | { readonly kind: 'always' }
  | { readonly kind: 'never' };

/**
 * What a navigation property leads to. Holds when one of the rows there meets `where`; with `every`, when there is none
 * for which `where` is not true (OData 4.01 section 5.1.1.13: `any` and `all`). A lookup leads to one row or none.
 */
export interface Through {
  readonly kind: 'through';
  readonly navigation: Navigation;
  readonly where: Condition;
  readonly every?: true;
  /** Which rows are looked at: the gates leave out what the caller may not see. Absent: all. */
  readonly among?: Condition;
}

/**
 * Holds when one of the rows of another table that have the same value in `target` as this row in `column` meets `where`.
 * Like `Through` with `any`, for columns that need not be a relationship.
 */
export interface Linked {
  readonly kind: 'linked';
  readonly column: Column;
  readonly target: Column;
  readonly where: Condition;
  /** As in `Through`. */
  readonly among?: Condition;
  /** Few rows meet `where`: they are found first, and the others by them. Only with a primary key as `column`. */
  readonly isGathered?: true;
}

/**
 * Holds when `column` is the id of a row above or under the row `id`, in a table whose rows point to their parents. Without
 * a value it does not hold: true or false, never neither.
 */
export interface Hierarchy {
  readonly kind: 'hierarchy';
  readonly column: Column;
  /** Lookup of a table to itself. */
  readonly parent: Column;
  readonly direction: 'above' | 'under';
  readonly id: Guid;
  /** Is the row `id` itself meant, too? */
  readonly orEqual: boolean;
  /** Rows over which the way leads: the gates leave out what the caller may not see. Absent: all. */
  readonly among?: Condition;
}

/** What a text must look like from its first character to its last. Without regard to case, like all text. */
export type Pattern = readonly PatternPart[];
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Any characters, or none. */
  | { readonly kind: 'any' }
  /** One character, whichever. */
  | { readonly kind: 'one' }
  /** One character that is in one of the ranges, or (`negated`) in none. */
  | { readonly kind: 'among'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

/** A lookup to follow. */
export interface Hop {
  readonly navigation: SingleNavigation;
  /** Which rows may be looked at, as in `Through`; behind any other there is no value. */
  readonly among?: Condition;
}

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
  /** Lookups that lead from the row to the one that has the column; absent or empty: it is its own. */
  readonly through?: readonly Hop[];
}

/** Rows of one table: what was asked, with names resolved. Gate stages narrow it; storage compiles it. */
export interface Query {
  readonly table: Table;
  /** Columns to give, in order; the primary key is always given, first, whether listed or not. */
  readonly columns: readonly Column[];
  readonly where: Condition | undefined;
  readonly orderBy: readonly Order[];
  readonly expand: readonly Expand[];
  /** At most this many rows. `undefined` only inside an expand: all. */
  readonly limit: number | undefined;
  /** Also count all rows that meet `where`, up to this many. `undefined`: do not count. */
  readonly countUpTo: number | undefined;
  /** All columns are given because none was named: one that the caller may not see is withheld, not refused. */
  readonly namesNoColumn?: true;
  /** Of `columns`, those that are given as `null` whatever is stored: set by the gates. */
  readonly withheld?: ReadonlySet<Column>;
  /** Only rows after this place in the order: values of the order columns, then the primary key. */
  readonly after: readonly Value[] | undefined;
  /** Give each row its `@odata.etag`. */
  readonly etag: boolean;
  /** Columns of whatever table that are as if they had no value, wherever the query looks at them: set by the gates. */
  readonly hides?: readonly Column[];
  /** Give `""` for text that was never set, as the real product does on virtual tables (`strict` fidelity). */
  readonly unsetTextAsEmpty: boolean;
}

export interface Expand {
  readonly navigation: Navigation;
  readonly query: Query;
  /**
   * Wanted for display only (names of lookups). Where a gate refuses it, it is left out and the request goes on; any
   * other refused expand refuses the request.
   */
  readonly optional?: true;
  /** Only the address of the row is shown (`$expand=lookup/$ref`). */
  readonly reference?: true;
  /** One row more than this many is asked for: the answer shows so many, and where to go on. */
  readonly pageSize?: number;
  /** The primary name was added to the columns for display, and is taken out of the rows again. */
  readonly nameAdded?: true;
  /** Collections: text before and after the outer row's id in `<navigation>@odata.nextLink`; absent: no link. */
  readonly link?: { readonly before: string; readonly after: string };
}

/** `column eq value`; with `null`: has no value. */
export const equals = (column: Column, value: Value): Condition => ({ kind: 'compare', op: 'eq', column, value });

/** `a and b`, where either may be absent. */
export function and(...conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const of = conditions.filter((condition) => condition !== undefined && condition.kind !== 'always') as Condition[];
  if (of.length === 0) return undefined;
  return of.length === 1 ? of[0] : { kind: 'and', of };
}
