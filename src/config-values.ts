import { NotAllowed } from './config-files.ts';

/** A setting has a value that is not allowed. The message is one line for the administrator. */
export class ConfigError extends Error {
  constructor(name: string, value: string, allowed: string) {
    super(`${name}=${JSON.stringify(value)} is not allowed: ${allowed}`);
    this.name = 'ConfigError';
  }
}

/** Settings by their names. */
export type Source = Readonly<Record<string, string | undefined>>;

/** One of a few words; the first one where the setting is not given. @throws ConfigError */
export function parseChoice<const T extends string>(source: Source, name: string, allowed: readonly [T, ...T[]]): T {
  const value = source[name];
  if (value === undefined || value === '') return allowed[0];
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new ConfigError(name, value, `one of ${[...new Set(allowed)].join(', ')}`);
  return found;
}

/** What `parse` makes of a setting; `undefined` where it is not given. */
export function parseOptional<T>(
  source: Source,
  name: string,
  parse: (name: string, value: string) => T,
): T | undefined {
  const value = source[name];
  return value === undefined || value === '' ? undefined : parse(name, value);
}

/** A reader of another file as a parser of this one. */
export const allowed =
  <T>(read: (value: string) => T) =>
  (name: string, value: string): T => {
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      const short = value.length > 80 ? `${value.slice(0, 80)}…` : value;
      throw new ConfigError(name, short, error.message);
    }
  };

interface WholeNumber {
  readonly from: number;
  readonly to: number;
  readonly unset: number;
  readonly unit: string;
}

/** A whole number within bounds; `unset` where it is not given. @throws ConfigError */
export function parseWhole(source: Source, name: string, { from, to, unset, unit }: WholeNumber): number {
  const value = source[name];
  if (value === undefined || value === '') return unset;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new ConfigError(name, value, `a whole number from ${from} to ${to}: ${unit}`);
}
