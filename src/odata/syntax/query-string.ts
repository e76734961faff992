import { type Place, PlacedRefusal, refuse } from '../problems.ts';
import { decodeComponent } from './decode.ts';

/** The query part of a URL. Of custom options (no `$`, no `@`) there are the names: they mean nothing here (OData 4.01 5.2). */
export interface QueryOptions {
  /** `$…` options as decoded text, by name. */
  readonly system: ReadonlyMap<string, string>;
  /** Parameter aliases as decoded text, by name with the `@`. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly custom: ReadonlySet<string>;
}

/** dataverse-web-api 4.10: what the parser takes, and what it knows but answers 501. Names are case-sensitive. */
const supported = new Set([
  '$select',
  '$filter',
  '$orderby',
  '$top',
  '$count',
  '$expand',
  '$skiptoken',
  '$id',
  '$apply',
  'fetchXml',
]);
const unsupported: ReadonlyMap<string, string> = new Map([
  ['$skip', 'Skip Clause'],
  ['$search', "the query option '$search'"],
  ['$format', "the query option '$format'"],
  ['$levels', "the query option '$levels'"],
  ['$compute', "the query option '$compute'"],
  ['$index', "the query option '$index'"],
  ['$deltatoken', "the query option '$deltatoken'"],
  ['$schemaversion', "the query option '$schemaversion'"],
  ['savedQuery', 'a saved query (savedQuery)'],
  ['userQuery', 'a saved query (userQuery)'],
  ['sql', 'SQL (sql)'],
]);

const none: ReadonlySet<string> = new Set();

/** Clients write it either way, and passed over it would give all rows. */
const fetchName = /^fetchxml$/i;

/** The name of an option as the rest of the parser knows it. */
export const optionName = (written: string): string => (fetchName.test(written) ? 'fetchXml' : written);

/** Splits a raw query (without `?`) at `&`, then decodes names and values. `also`: options that this service takes besides. */
export function parseQueryString(raw: string, also: ReadonlySet<string> = none): QueryOptions {
  const system = new Map<string, string>();
  const aliases = new Map<string, string>();
  const custom = new Set<string>();
  if (raw === '') return { system, aliases, custom };
  for (const { name: written, value, place, valuePlace } of splitQuery(raw)) {
    const name = optionName(written);
    const feature = also.has(name) ? undefined : unsupported.get(name);
    if (feature !== undefined) throw new PlacedRefusal(refuse.notSupported(feature).problem, place);
    const target = name.startsWith('$') || name === 'fetchXml' ? system : name.startsWith('@') ? aliases : undefined;
    if (target === undefined) {
      custom.add(name);
      continue;
    }
    if (target === system && !supported.has(name) && !also.has(name)) throw unknownOption(name, place);
    if (target.has(name)) throw refuse.badRequest(`the query option '${name}' comes twice`, place);
    const decoded = decodeComponent(value, true, valuePlace).trim();
    if (decoded === '') throw refuse.badRequest(`the query option '${name}' has no value`, valuePlace);
    target.set(name, decoded);
  }
  return { system, aliases, custom };
}

/** An option of a raw query: its name is decoded, its value is not. */
interface RawOption {
  readonly name: string;
  readonly value: string;
  /** Where the option begins, and where its value does. */
  readonly place: Place;
  readonly valuePlace: Place;
}

/** The options of a raw query (without `?`), in order. */
function splitQuery(raw: string): readonly RawOption[] {
  let begins = 0;
  return raw.split('&').map((text) => {
    const equals = text.indexOf('=');
    const length = equals < 0 ? text.length : equals;
    const place = { text: raw, part: 'query', at: begins };
    const valuePlace = { ...place, at: begins + Math.min(length + 1, text.length) };
    begins += text.length + 1;
    const name = decodeComponent(text.slice(0, length), true, place).trim();
    return { name, value: text.slice(length + 1), place, valuePlace };
  });
}

const unknownOption = (name: string, place: Place) =>
  refuse.badRequest(`The query parameter '${name.slice(0, 100)}' is not supported.`, place);
