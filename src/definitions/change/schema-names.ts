import { refuseChange } from './change-problems.ts';

/**
 * A publisher's prefix, an underscore, and a name: the rule of the real product. Nothing but ASCII letters, digits and
 * single underscores, so that a name is a name in SQL, in URLs and in CSDL alike.
 */
const pattern = /^[A-Za-z][A-Za-z0-9]{1,7}_[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*$/;

/** Prefixes of publishers whose definitions are part of the product, and of our own SQL tables. */
const reserved = ['mshr', 'mserp', 'cdm', 'msdyn', 'adx', 'portvakt', 'sqlite', 'pg'];

export const longestTableName = 50;
export const longestColumnName = 50;
/** Relationships, choices and keys. */
export const longestName = 100;

/** Refuses a schema name that does not follow the rules. Gives the logical name. */
export function checkSchemaName(name: string, longest: number): string {
  if (name.length > longest) throw refuseChange.schemaName(name, `it is longer than ${longest} characters`);
  if (!pattern.test(name)) {
    throw refuseChange.schemaName(
      name,
      'it must be a customization prefix of 2 to 8 letters and digits, an underscore and a name of letters, digits and single underscores',
    );
  }
  const prefix = name.slice(0, name.indexOf('_')).toLowerCase();
  if (reserved.includes(prefix) || prefix.startsWith('mscrm')) {
    throw refuseChange.schemaName(name, `the customization prefix '${prefix}' belongs to another publisher`);
  }
  return name.toLowerCase();
}

/** Plural of a logical name: the name of the entity set. */
export function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
