import type { JsonValue } from '../json.ts';

/**
 * The syntax tree of OData URLs: what was written, before any name has been looked up. Every node knows the position
 * (`at`) where it begins in the decoded text. Grammar: OData 4.01 ABNF, of which the service speaks the 4.0 part.
 */

export type Literal =
  | { readonly type: 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** Digits as written, or `INF`, `-INF`, `NaN`. */
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'string'; readonly value: string }
  /** Lower case. */
  | { readonly type: 'guid'; readonly text: string }
  | { readonly type: 'date' | 'dateTime' | 'timeOfDay'; readonly text: string }
  /** `Namespace.Type'value'`, `duration'…'`, `binary'…'`, `geography'…'`. */
  | { readonly type: 'typed'; readonly typeName: string; readonly value: string }
  /** Array or object. */
  | { readonly type: 'json'; readonly value: JsonValue };

export type ComparisonWord = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type ArithmeticWord = 'add' | 'sub' | 'mul' | 'div' | 'divby' | 'mod';

export type Expression =
  | { readonly kind: 'literal'; readonly at: number; readonly literal: Literal }
  | { readonly kind: 'alias'; readonly at: number; readonly name: string }
  | { readonly kind: 'path'; readonly at: number; readonly steps: readonly PathStep[] }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly arguments: readonly Argument[] }
  /** Operands of one chain lie side by side, so that a long chain is not a deep tree. */
  | {
      readonly kind: 'logical';
      readonly at: number;
      readonly op: 'and' | 'or';
      readonly operands: readonly Expression[];
    }
  | {
      readonly kind: 'binary';
      /** Where the operator stands. */
      readonly at: number;
      readonly op: ComparisonWord | ArithmeticWord | 'has' | 'in';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'unary'; readonly at: number; readonly op: 'not' | 'negate'; readonly operand: Expression }
  /** `(1,2)`, only after `in`. */
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Expression[] };

/** One part of a path, between slashes. A name with dots is a type cast or a bound function. */
export type PathStep =
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  /** `$count`, `$ref`, `$value`, `$it`, `$root`. */
  | { readonly kind: 'dollar'; readonly at: number; readonly name: string }
  | { readonly kind: 'star'; readonly at: number }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly arguments: readonly Argument[] }
  | {
      readonly kind: 'lambda';
      readonly at: number;
      readonly op: 'any' | 'all';
      /** Both absent for `any()`. */
      readonly variable?: string;
      readonly where?: Expression;
    };

/** Of a function call or a key: by position, or `name=value`. */
export interface Argument {
  readonly at: number;
  readonly name?: string;
  readonly value: Expression;
}

export interface SelectItem {
  readonly at: number;
  readonly steps: readonly PathStep[];
  /** As written. */
  readonly text: string;
}

export interface OrderItem {
  readonly at: number;
  readonly value: Expression;
  readonly descending: boolean;
}

export interface ExpandItem {
  readonly at: number;
  readonly steps: readonly PathStep[];
  readonly options: readonly ExpandOption[];
}

/** `$name=value` inside the parentheses of an expand; `text` is the value as written. */
export type ExpandOption = { readonly at: number; readonly valueAt: number; readonly text: string } & (
  | { readonly name: '$select'; readonly items: readonly SelectItem[] }
  | { readonly name: '$filter'; readonly where: Expression }
  | { readonly name: '$orderby'; readonly items: readonly OrderItem[] }
  | { readonly name: '$expand'; readonly items: readonly ExpandItem[] }
  /** The raw text of the value: the binder decides. */
  | { readonly name: '$top'; readonly value: string }
  | { readonly name: '$skip' | '$count' | '$levels'; readonly value: string }
);

/** A segment of the resource path: `name`, `name(…)` or `$name`. */
export interface PathSegment {
  /** As decoded, for messages. */
  readonly text: string;
  /** `segment <number>`, from 0. */
  readonly part: string;
  readonly name: string;
  /** Absent without parentheses. */
  readonly arguments?: readonly Argument[];
}
