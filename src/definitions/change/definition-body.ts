import type { Refusal } from '../../kernel/refusal.ts';
import { parseJsonBody } from '../../odata/body.ts';
import type { RequestHeaders } from '../../odata/headers.ts';
import { toPlainObject } from '../../odata/json.ts';
import type { Texts } from '../complex-types.ts';
import { type Definition, namespace, type TypeShape } from '../definition-type.ts';
import { refuseChange } from './change-problems.ts';

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const longestLabel = 500;

/** Members of a definition that was sent. Refuses values of the wrong type; absent and `null` are the same. */
export class DefinitionBody {
  readonly members: Plain;
  readonly #place: string;

  constructor(members: unknown, place: string) {
    if (!isPlain(members)) throw refuseChange.payload(`'${place}' must be an object.`);
    this.members = members;
    this.#place = place;
  }

  /** A request's body. */
  static parse(body: Buffer, headers: RequestHeaders, subject: string): DefinitionBody {
    return new DefinitionBody(toPlainObject(parseJsonBody(body, headers, subject).members), subject);
  }

  has(name: string): boolean {
    return (this.members[name] ?? null) !== null;
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'string', (value): value is string => typeof value === 'string');
  }

  requireText(name: string): string {
    const text = this.text(name);
    if (text === undefined || text === '') throw refuseChange.payload(`'${this.#path(name)}' must be given.`);
    return text;
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, 'boolean', (value): value is boolean => typeof value === 'boolean');
  }

  integer(name: string): number | undefined {
    return this.#typed(name, 'whole number', (value): value is number => Number.isSafeInteger(value));
  }

  number(name: string): number | undefined {
    return this.#typed(name, 'number', (value): value is number => typeof value === 'number' && Number.isFinite(value));
  }

  object(name: string): DefinitionBody | undefined {
    return this.has(name) ? new DefinitionBody(this.members[name], this.#path(name)) : undefined;
  }

  list(name: string): readonly unknown[] {
    const value = this.members[name] ?? [];
    if (!Array.isArray(value)) throw refuseChange.payload(`'${this.#path(name)}' must be an array.`);
    return value;
  }

  objects(name: string): readonly DefinitionBody[] {
    return this.list(name).map((each, at) => new DefinitionBody(each, `${this.#path(name)}[${at}]`));
  }

  /** Text of a label in the languages that there are; `undefined` when no label was sent. */
  label(name: string): Texts | undefined {
    const label = this.object(name);
    if (label === undefined) return undefined;
    let texts: Texts = { en: undefined, nb: undefined };
    for (const each of label.objects('LocalizedLabels')) {
      const language = each.integer('LanguageCode');
      if (language !== 1033 && language !== 1044) throw refuseChange.language(language ?? 0);
      const text = each.text('Label') ?? '';
      if (text.length > longestLabel) throw refuseChange.limit(`characters in the label '${name}'`, longestLabel);
      if (text !== '') texts = { ...texts, [language === 1033 ? 'en' : 'nb']: text };
    }
    return texts;
  }

  /** As `label`, for a text that must be there in the base language. */
  requireLabel(name: string): Texts & { readonly en: string } {
    const { en, nb } = this.label(name) ?? { en: undefined, nb: undefined };
    if (en === undefined) throw refuseChange.noBaseLabel(this.#path(name));
    return { en, nb };
  }

  /** The type that `@odata.type` names, without namespace and `#`. */
  get typeName(): string | undefined {
    const given = this.text('@odata.type')?.replace(/^#/, '');
    return given?.startsWith(namespace) === true ? given.slice(namespace.length) : given;
  }

  #typed<T>(name: string, what: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.members[name] ?? undefined;
    if (value === undefined || is(value)) return value;
    throw refuseChange.payload(`'${this.#path(name)}' must be a ${what}.`);
  }

  #path(name: string): string {
    return `${this.#place}/${name}`;
  }
}

/** Members that say nothing of what a definition is, or that the caller reads and applies by itself. */
const passedOver = ['MetadataId', 'HasChanged', 'Privileges', 'AssociatedMenuConfiguration', 'CreatedOn', 'ModifiedOn'];

/** What a body is compared with. */
interface Compared {
  /** The definition as it now would be. */
  readonly made: Definition;
  /** As it was before: clients repeat what they read, and some of that follows from what they change. */
  readonly before?: Definition;
  /** Members that are not compared. */
  readonly except?: readonly string[];
}

/**
 * Refuses what was asked for and did not come to be: clients send definitions as they read them, so what is the same is
 * let through, and nothing is lost silently.
 */
export function refuseUnkept({ members }: DefinitionBody, { made, before, except = [] }: Compared): void {
  for (const [name, given] of Object.entries(members)) {
    if (name.includes('@') || passedOver.includes(name) || except.includes(name) || given === null) continue;
    const shape = made.type.property.get(name);
    if (shape === undefined) {
      if (made.type.navigation.has(name)) throw refuseChange.notBuilt(`'${name}' in the body of ${made.type.name}`);
      throw refuseChange.payload(
        `Invalid property '${name.slice(0, 100)}' was found in '${namespace}${made.type.name}'.`,
      );
    }
    if (shape.type.kind === 'complex' && shape.type.name === 'Label') continue;
    const kept = made.read(name);
    if (isKept(given, kept) || (before !== undefined && isKept(given, before.read(name)))) continue;
    throw unkept(made.type, name, given, kept);
  }
}

function isKept(given: unknown, kept: unknown): boolean {
  if (Array.isArray(given)) return Array.isArray(kept) && JSON.stringify(given) === JSON.stringify(kept);
  if (!isPlain(given) || !isPlain(kept)) return given === kept;
  // Of a managed property the value counts; whether it may be changed is not the caller's to say.
  if ('Value' in given) return given['Value'] === null || given['Value'] === kept['Value'];
  return Object.entries(given).every(
    ([name, value]) => value === null || name.includes('@') || isKept(value, kept[name]),
  );
}

function unkept(type: TypeShape, name: string, given: unknown, kept: unknown): Refusal {
  const shown = (value: unknown): string => JSON.stringify(value ?? null).slice(0, 100);
  return refuseChange.invalid(`'${name}' of ${type.name} cannot be ${shown(given)}: here it is ${shown(kept)}.`);
}
