import type { Column, Navigation, SingleNavigation, Table } from '../metadata/table.ts';
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
  const last = steps.at(-1);
  if (last === undefined) throw new TypeError('a path has at least one step');
  const { through, target } = bindWay(steps.slice(0, -1), table, placeOf, last);
  const name = nameOf(last, placeOf);
  const column = target.property.get(name);
  if (column !== undefined) return { through, column };
  if (target.navigation.has(name)) {
    throw refuse.notSupported(`the navigation property '${name}' as a value`, placeOf(last.at));
  }
  throw refuse.unknownProperty(name, target, placeOf(last.at));
}

/** Lookups that lead from a row of `table` to one of `target`. `next` is the step that follows them. */
export function bindWay(
  steps: readonly PathStep[],
  table: Table,
  placeOf: (at: number) => Place,
  next: PathStep,
): { readonly through: readonly SingleNavigation[]; readonly target: Table } {
  const through: SingleNavigation[] = [];
  let target = table;
  for (const [index, step] of steps.entries()) {
    const navigation = bindNavigation(step, target, placeOf, steps[index + 1] ?? next);
    if (navigation.kind !== 'single') throw notSingle(steps[index + 1] ?? next, placeOf);
    if (through.length >= maxPathLength) {
      throw refuse.limit('navigation properties in a path', maxPathLength, placeOf(step.at));
    }
    through.push(navigation);
    target = navigation.target;
  }
  return { through, target };
}

/** A navigation property of a table, with another step behind it. */
export function bindNavigation(
  step: PathStep,
  table: Table,
  placeOf: (at: number) => Place,
  next: PathStep,
): Navigation {
  const name = nameOf(step, placeOf);
  const navigation = table.navigation.get(name);
  if (navigation !== undefined) return navigation;
  const column = table.property.get(name);
  if (column === undefined) throw refuse.unknownProperty(name, table, placeOf(step.at));
  throw refuse.syntax(`The property '${column.property}' has no properties of its own: Syntax error`, placeOf(next.at));
}

function notSingle(next: PathStep, placeOf: (at: number) => Place): Error {
  // Gives the better refusal where the next step is a lambda or `$count`.
  const property = nameOf(next, placeOf);
  return refuse.syntax(
    `The parent value for a property access of a property '${property}' is not a single value. Property access can only be applied to a single value`,
    placeOf(next.at),
  );
}

/** The name of a plain step; refuses everything else that a path may hold. */
export function nameOf(step: PathStep, placeOf: (at: number) => Place): string {
  switch (step.kind) {
    case 'name':
      if (step.name.includes('.')) throw refuse.notSupported(`the type cast '${step.name}'`, placeOf(step.at));
      return step.name;
    case 'lambda':
      throw refuse.notSupported(`the lambda operator '${step.op}' here`, placeOf(step.at));
    case 'call':
      throw refuse.notSupported(`the function '${step.name}' in a path`, placeOf(step.at));
    case 'dollar':
      throw refuse.notSupported(`'${step.name}' in a path`, placeOf(step.at));
    case 'star':
      throw refuse.syntax("Syntax error: '*' does not belong here", placeOf(step.at));
  }
}
