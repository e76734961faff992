import { refuse } from '../problems.ts';
import { decodeComponent } from './decode.ts';

/** The query part of a URL. Custom options (no `$`, no `@`) are left out: they mean nothing here (OData 4.01 5.2). */
export interface QueryOptions {
  /** `$…` options as decoded text, by name. */
  readonly system: ReadonlyMap<string, string>;
  /** Parameter aliases as decoded text, by name with the `@`. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** dataverse-web-api 4.10: what the parser takes, and what it knows but answers 501. Names are case-sensitive. */
const supported = new Set(['$select', '$filter', '$orderby', '$top', '$count', '$expand', '$skiptoken', '$id']);
const unsupported: ReadonlyMap<string, string> = new Map([
  ['$skip', 'Skip Clause'],
  ['$search', "the query option '$search'"],
  ['$format', "the query option '$format'"],
  ['$levels', "the query option '$levels'"],
  ['$apply', "the query option '$apply'"],
  ['$compute', "the query option '$compute'"],
  ['$index', "the query option '$index'"],
  ['$deltatoken', "the query option '$deltatoken'"],
  ['$schemaversion', "the query option '$schemaversion'"],
  ['fetchXml', 'FetchXML (fetchXml)'],
  ['savedQuery', 'a saved query (savedQuery)'],
  ['userQuery', 'a saved query (userQuery)'],
  ['sql', 'SQL (sql)'],
]);

/** Splits a raw query (without `?`) at `&`, then decodes names and values. */
export function parseQueryString(raw: string): QueryOptions {
  const system = new Map<string, string>();
  const aliases = new Map<string, string>();
  if (raw === '') return { system, aliases };
  for (const part of raw.split('&')) {
    const equals = part.indexOf('=');
    const name = decodeComponent(equals < 0 ? part : part.slice(0, equals), true).trim();
    const feature = unsupported.get(name);
    if (feature !== undefined) throw refuse.notSupported(feature);
    const target = name.startsWith('$') ? system : name.startsWith('@') ? aliases : undefined;
    if (target === undefined) continue;
    if (target === system && !supported.has(name)) throw unknownOption(name);
    if (target.has(name)) throw refuse.badRequest(`the query option '${name}' comes twice`);
    const value = equals < 0 ? '' : decodeComponent(part.slice(equals + 1), true).trim();
    if (value === '') throw refuse.badRequest(`the query option '${name}' has no value`);
    target.set(name, value);
  }
  return { system, aliases };
}

const unknownOption = (name: string) =>
  refuse.badRequest(`The query parameter '${name.slice(0, 100)}' is not supported.`);
