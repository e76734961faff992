/** Root of the Dataverse Web API. */
export const webApi = '/api/data/v9.2';

/** Asks for the shown text of lookups and choices beside their values. */
export const formatted = { Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"' };

/** A text as OData literal, for filters and keys. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Query options as they stand in an address. Absent ones are left out. */
export function query(options: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const parts = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
