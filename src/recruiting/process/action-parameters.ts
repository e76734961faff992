import type { EntityAction } from '../../metadata/entity-actions.ts';
import type { MessageParameters } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import { isCleanText, isInt32, parseMoment } from '../../odata/values.ts';

/** Parameters of an action, checked: dates in the form of date columns. */
export class ActionParameters {
  readonly #values: ReadonlyMap<string, string | number>;

  constructor(values: ReadonlyMap<string, string | number>) {
    this.#values = values;
  }

  /** A text or a date; an empty text counts as not given. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : undefined;
  }
}

/** Checks the body of an action against what the action takes. Throws a `Refusal` (400). */
export function parseActionParameters(action: EntityAction, given: MessageParameters): ActionParameters {
  const values = new Map<string, string | number>();
  for (const [name, value] of Object.entries(given)) {
    const type = action.parameters[name];
    if (type === undefined) throw refuse.payload(action.name, `there is no parameter '${name}'.`);
    if (value === null && type.endsWith('?')) continue;
    values.set(name, parseValue(action, name, type.replace(/\?$/, ''), value));
  }
  for (const [name, type] of Object.entries(action.parameters)) {
    if (!type.endsWith('?') && !values.has(name))
      throw refuse.payload(action.name, `the parameter '${name}' is missing.`);
  }
  return new ActionParameters(values);
}

const longestText = 4000;

function parseValue(action: EntityAction, name: string, type: string, value: unknown): string | number {
  const parsed = parsers[type]?.(value);
  if (parsed === undefined) throw refuse.payload(action.name, `the parameter '${name}' must be of type ${type}.`);
  return parsed;
}

const parsers: Readonly<Record<string, (value: unknown) => string | number | undefined>> = {
  'Edm.String': (value) =>
    typeof value === 'string' && value.length <= longestText && isCleanText(value) ? value : undefined,
  'Edm.Int32': (value) => (typeof value === 'number' && isInt32(value) ? value : undefined),
  // Dates of virtual tables travel with a time at midnight (human-resources-security 5.4); a bare date is the same.
  'Edm.Date': (value) => (typeof value === 'string' ? parseDay(value) : undefined),
};

function parseDay(text: string): string | undefined {
  const moment = parseMoment(text);
  return moment === undefined ? undefined : `${moment.date}T00:00:00Z`;
}
