import type { Column, SingleNavigation, Table } from '../metadata/table.ts';
import { type Place, refuse } from './problems.ts';
import type { PathStep } from './syntax/tree.ts';

/** A column, and the lookups that lead to its row. */
export interface BoundPath {
  readonly through: readonly SingleNavigation[];
  readonly column: Column;
}

/** Lookups in one path. */
const maxPathLength = 10;

/** `property` or `navigation/…/property` in `$filter` and `$orderby`. `placeOf` gives positions in their text. */
export function bindPath(steps: readonly PathStep[], table: Table, placeOf: (at: number) => Place): BoundPath {
  const through: SingleNavigation[] = [];
  let current = table;
  for (const [index, step] of steps.entries()) {
    const name = nameOf(step, placeOf);
    const column = current.property.get(name);
    if (column !== undefined) return endOfPath(column, through, steps, index, placeOf);
    const navigation = current.navigation.get(name);
    if (navigation === undefined) throw refuse.unknownProperty(name, current);
    const next = steps[index + 1];
    if (next === undefined)
      throw refuse.notSupported(`a comparison with the navigation property '${name}'`, placeOf(step.at));
    if (navigation.kind !== 'single') {
      // Gives the better refusal where the next step is a lambda or `$count`.
      const property = nameOf(next, placeOf);
      throw refuse.syntax(
        `The parent value for a property access of a property '${property}' is not a single value. Property access can only be applied to a single value`,
        placeOf(next.at),
      );
    }
    if (through.length >= maxPathLength) throw refuse.limit('navigation properties in a path', maxPathLength);
    through.push(navigation);
    current = navigation.target;
  }
  throw new TypeError('a path has at least one step');
}

function endOfPath(
  column: Column,
  through: readonly SingleNavigation[],
  steps: readonly PathStep[],
  index: number,
  placeOf: (at: number) => Place,
): BoundPath {
  const next = steps[index + 1];
  if (next === undefined) return { through, column };
  throw refuse.syntax(`The property '${column.property}' has no properties of its own: Syntax error`, placeOf(next.at));
}

/** The name of a plain step; refuses everything else that a path may hold. */
export function nameOf(step: PathStep, placeOf: (at: number) => Place): string {
  switch (step.kind) {
    case 'name':
      if (step.name.includes('.')) throw refuse.notSupported(`the type cast '${step.name}'`, placeOf(step.at));
      return step.name;
    case 'lambda':
      throw refuse.notSupported(`the lambda operator '${step.op}'`, placeOf(step.at));
    case 'call':
      throw refuse.notSupported(`the function '${step.name}' in a path`, placeOf(step.at));
    case 'dollar':
      throw refuse.notSupported(`'${step.name}' in a path`, placeOf(step.at));
    case 'star':
      throw refuse.syntax("Syntax error: '*' does not belong here", placeOf(step.at));
  }
}
