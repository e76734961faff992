import type { Table } from '../metadata/table.ts';
import type { Asker, Asking } from './asking.ts';
import { type Place, refuse } from './problems.ts';
import type { Literal } from './syntax/tree.ts';

/** A literal that was given to a function. */
export interface Given {
  readonly literal: Literal;
  readonly place: Place;
}

/** A query function as it is called in a filter. */
export interface QueryCall {
  /** Without namespace. */
  readonly name: string;
  readonly place: Place;
  /** The rows that it is asked of. */
  readonly table: Table;
  readonly given: ReadonlyMap<string, Given>;
  readonly asking: Asking;
}

/** A parameter that was checked to be there. */
export function getGiven({ given }: QueryCall, parameter: string): Given {
  const found = given.get(parameter);
  if (found === undefined) throw new TypeError(`${parameter} was not checked`);
  return found;
}

/** Who asks. Throws a `Refusal` (501) where nobody does. */
export function getAsker(asking: Asking, place: Place): Asker {
  const { asker } = asking;
  if (asker === undefined) throw refuse.notSupported('a function that depends on who asks', place);
  return asker;
}
