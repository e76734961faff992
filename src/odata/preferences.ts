import type { RequestHeaders } from './headers.ts';

/** What `Prefer` asks for (RFC 7240, dataverse-web-api 4.3). Unknown and unusable preferences are ignored, as it says. */
export interface Preferences {
  readonly return: 'representation' | 'minimal' | undefined;
  /** Rows per page, 1 to 5000. */
  readonly maxPageSize: number | undefined;
  readonly trackChanges: boolean;
  /** In a batch; `undefined` where nothing is said of it. */
  readonly continueOnError: boolean | undefined;
  /** Was an annotation (term such as `OData.Community.Display.V1.FormattedValue`) asked for? */
  readonly wantsAnnotation: (term: string) => boolean;
  /** Was `odata.include-annotations` given at all? */
  readonly asksAnnotations: boolean;
  /** For `Preference-Applied`. */
  readonly applied: readonly string[];
}

export const maxPageSize = 5000;

const nothing = (): boolean => false;
const noPreferences: Preferences = {
  return: undefined,
  maxPageSize: undefined,
  trackChanges: false,
  continueOnError: undefined,
  wantsAnnotation: nothing,
  asksAnnotations: false,
  applied: [],
};

/** Parses the `Prefer` header, which may be joined from several. The first of equal preferences counts. */
export function parsePreferences(headers: RequestHeaders): Preferences {
  const text = headers['prefer'];
  if (text === undefined || text === '') return noPreferences;
  const given = splitPreferences(text);
  const returns = given.get('return')?.toLowerCase();
  const pageSize = parsePageSize(given.get('odata.maxpagesize'));
  const annotations = given.get('odata.include-annotations');
  const preferences: Omit<Preferences, 'applied'> = {
    return: returns === 'representation' || returns === 'minimal' ? returns : undefined,
    maxPageSize: pageSize,
    trackChanges: given.has('odata.track-changes'),
    continueOnError: parseSwitch(given.get('odata.continue-on-error') ?? given.get('continue-on-error')),
    wantsAnnotation: annotations === undefined ? nothing : parseAnnotationFilter(annotations),
    asksAnnotations: annotations !== undefined,
  };
  return { ...preferences, applied: appliedOf(preferences, annotations) };
}

/**
 * preference = token [ "=" ( token / quoted-string ) ] *( ";" parameter ), RFC 7240 section 2. Clients leave the quotes
 * out, so a value is whatever stands before the next comma or semicolon.
 */
function splitPreferences(text: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const item of splitOutsideQuotes(text, ',')) {
    const [preference = ''] = splitOutsideQuotes(item, ';');
    const equals = preference.indexOf('=');
    const name = (equals < 0 ? preference : preference.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? '' : unquote(preference.slice(equals + 1).trim());
    if (name !== '' && !given.has(name)) given.set(name, value);
  }
  return given;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (char === '\\' && quoted) at++;
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

const unquote = (value: string): string =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replace(/\\(.)/g, '$1')
    : value;

/** A preference that is set by its name alone (OData 4.01 section 8.2.8.3). */
const parseSwitch = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : text.toLowerCase() !== 'false';

function parsePageSize(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const size = Number(text);
  return size < 1 ? undefined : Math.min(size, maxPageSize);
}

function appliedOf(preferences: Omit<Preferences, 'applied'>, annotations: string | undefined): string[] {
  const applied: string[] = [];
  if (preferences.return !== undefined) applied.push(`return=${preferences.return}`);
  if (preferences.maxPageSize !== undefined) applied.push(`odata.maxpagesize=${preferences.maxPageSize}`);
  // Only what can stand in a header between quotes is repeated.
  if (annotations !== undefined && /^[\w.,*\- ]{0,1000}$/.test(annotations)) {
    applied.push(`odata.include-annotations="${annotations}"`);
  }
  return applied;
}

interface AnnotationPattern {
  readonly excluded: boolean;
  /** Text before the `*`, or the whole term. */
  readonly prefix: string;
  readonly exact: boolean;
}

/**
 * `odata.include-annotations`: a list of terms and `namespace.*` or `*`, where `-` in front excludes. The most specific
 * one that fits a term decides; of equals the exclusion (OData 4.01 section 8.2.8.4).
 */
function parseAnnotationFilter(list: string): (term: string) => boolean {
  const patterns = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '' && item !== '-')
    .map(parseAnnotationPattern);
  return (term) => {
    let best: AnnotationPattern | undefined;
    for (const pattern of patterns) {
      if (fits(pattern, term) && (best === undefined || outweighs(pattern, best))) best = pattern;
    }
    return best !== undefined && !best.excluded;
  };
}

function parseAnnotationPattern(item: string): AnnotationPattern {
  const excluded = item.startsWith('-');
  const term = excluded ? item.slice(1) : item;
  const exact = !term.endsWith('*');
  return { excluded, exact, prefix: exact ? term : term.slice(0, -1) };
}

const fits = (pattern: AnnotationPattern, term: string): boolean =>
  pattern.exact ? term === pattern.prefix : term.startsWith(pattern.prefix);

function outweighs(pattern: AnnotationPattern, other: AnnotationPattern): boolean {
  if (pattern.exact !== other.exact) return pattern.exact;
  if (pattern.prefix.length !== other.prefix.length) return pattern.prefix.length > other.prefix.length;
  return pattern.excluded;
}
