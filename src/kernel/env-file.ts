/** Text as one word of a POSIX shell; inside single quotes nothing but the quote itself has a meaning. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Values of lines `KEY='value'` that `shellQuote` quoted; other lines are passed over. */
export function parseEnvLines(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [, name, quoted] of text.matchAll(/^([A-Z_]+)='(.*)'$/gm)) {
    if (name !== undefined && quoted !== undefined) values.set(name, quoted.replaceAll("'\\''", "'"));
  }
  return values;
}
