import type { Session } from '../session.ts';
import type { Setup } from './setup.ts';

/** One thing to do to come from what is there to what the file says. */
export interface Step {
  /** Member of the file, such as `securityRoles`. */
  readonly kind: string;
  /** Which of them, in the user's words. */
  readonly name: string;
  /** `create` makes it, `change` makes it equal to the file. */
  readonly action: 'create' | 'change';
  /** What differs, one short sentence each. */
  readonly differences: readonly string[];
  run(): Promise<void>;
}

/** A member of the file: how it is read from a server, compared with it and brought there. */
export interface Kind<Item> {
  readonly kind: Exclude<keyof Setup, 'version'>;
  /** Everything of this kind that a file should name, in the file's own form. */
  read(session: Session): Promise<readonly Item[]>;
  /** In the order in which they need each other; absent: as they stand in the file. */
  order?(items: readonly Item[]): readonly Item[];
  /** By what two of them are the same one. */
  nameOf(item: Item): string;
  /** What differs; `current` is `undefined` where there is none. */
  compare(wanted: Item, current: Item | undefined): readonly string[];
  /** Makes it, or makes it equal; may be run again after it was cut off. */
  apply(session: Session, wanted: Item, current: Item | undefined): Promise<void>;
}

/** A name that one of two lists has more than the other. */
export interface NameDifference {
  readonly sign: '+' | '-';
  readonly name: string;
}

/** What to add to `current` and to take from it, so that it has the names that are wanted. Case does not matter. */
export function differencesOfNames(wanted: readonly string[], current: readonly string[]): readonly NameDifference[] {
  const has = (names: readonly string[], name: string) => names.some((each) => sameName(each, name));
  return [
    ...wanted.filter((name) => !has(current, name)).map((name) => ({ sign: '+', name }) as const),
    ...current.filter((name) => !has(wanted, name)).map((name) => ({ sign: '-', name }) as const),
  ];
}

/** The same in words. */
export const compareNames = (what: string, wanted: readonly string[], current: readonly string[]): readonly string[] =>
  differencesOfNames(wanted, current).map(({ sign, name }) => `${sign} ${what} ${name}`);

/** Differences of single values; what the file does not say is not compared. */
export function compareValues<T extends object>(
  wanted: T,
  current: T | undefined,
  names: readonly (keyof T & string)[],
): readonly string[] {
  if (current === undefined) return [];
  return names
    .filter((name) => wanted[name] !== undefined && wanted[name] !== current[name])
    .map((name) => `${name}: ${current[name] ?? 'nothing'} -> ${wanted[name]}`);
}

export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
