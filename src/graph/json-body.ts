import type { HttpRequest } from '../kernel/http.ts';
import { type Guid, parseGuid } from '../kernel/ids.ts';
import { graphRefusal } from './problems.ts';

/** Bytes of a request body; the largest honest one carries a few certificates. */
export const graphBodyLimit = 256 * 1024;

/** Which members an object may have. What is in none of the lists is unknown and refused. */
export interface MemberRules {
  readonly allowed: readonly string[];
  /** Refused: nobody sets them. */
  readonly readOnly?: readonly string[];
  /** Microsoft Graph's that are not built: let through when they hold nothing, 501 otherwise. */
  readonly later?: readonly string[];
}

/** The JSON object in a request's body; an empty body has no members. */
export function parseJsonBody(request: HttpRequest, rules: MemberRules): JsonMembers {
  if (request.body.length > graphBodyLimit) throw graphRefusal('bodyTooLarge', [graphBodyLimit]);
  if (request.body.length === 0) return new JsonMembers({}, rules);
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw graphRefusal('unreadableBody', [], `content type ${type}`);
  const value = parseJson(request.body);
  if (!isObject(value)) throw graphRefusal('unreadableBody', [], 'not a JSON object');
  return new JsonMembers(value, rules);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw graphRefusal('unreadableBody');
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Members of a JSON object, read by type. Every method refuses (400) a value of another type. */
export class JsonMembers {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: Record<string, unknown>, rules: MemberRules) {
    // Annotations such as `@odata.type` are allowed everywhere and mean nothing here.
    const members = Object.entries(values).filter(([name]) => !name.includes('@odata.'));
    for (const [name, value] of members) checkMember(name, value, rules);
    this.#values = new Map(members);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Is it there, and not null? */
  isSet(name: string): boolean {
    return (this.#values.get(name) ?? null) !== null;
  }

  /** `undefined` when it is not there or null. */
  text(name: string): string | undefined {
    return this.#read(name, 'text', (value) => (typeof value === 'string' ? value : undefined));
  }

  guid<T extends Guid>(name: string): T | undefined {
    return this.#read(name, 'a GUID', (value) => (typeof value === 'string' ? parseGuid<T>(value) : undefined));
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  number(name: string): number | undefined {
    return this.#read(name, 'a number', (value) => (typeof value === 'number' ? value : undefined));
  }

  /** A list of texts; null counts as the empty one. */
  texts(name: string): readonly string[] | undefined {
    if (this.has(name) && !this.isSet(name)) return [];
    return this.#read(name, 'a list of texts', (value) =>
      Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined,
    );
  }

  moment(name: string): Date | undefined {
    return this.#read(name, 'a date and time such as 2027-01-31T00:00:00Z', parseMoment);
  }

  /** Base64 of bytes. */
  bytes(name: string): Buffer | undefined {
    return this.#read(name, 'base64', (value) =>
      typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined,
    );
  }

  object(name: string, rules: MemberRules): JsonMembers | undefined {
    return this.#read(name, 'an object', (value) => (isObject(value) ? new JsonMembers(value, rules) : undefined));
  }

  list(name: string, rules: MemberRules): readonly JsonMembers[] | undefined {
    return this.#read(name, 'a list of objects', (value) =>
      Array.isArray(value) && value.every(isObject) ? value.map((each) => new JsonMembers(each, rules)) : undefined,
    );
  }

  #read<T>(name: string, expected: string, parse: (value: unknown) => T | undefined): T | undefined {
    const value = this.#values.get(name) ?? undefined;
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) throw graphRefusal('wrongType', [name, expected]);
    return parsed;
  }
}

function checkMember(name: string, value: unknown, { allowed, readOnly = [], later = [] }: MemberRules): void {
  if (allowed.includes(name)) return;
  if (readOnly.includes(name)) throw graphRefusal('readOnlyProperty', [name]);
  if (!later.includes(name)) throw graphRefusal('unknownProperty', [name]);
  if (!isEmpty(value, emptyDepth)) throw graphRefusal('notImplemented', [`the property '${name}'`]);
}

/** How deep the values of Microsoft Graph go that may be empty, with some to spare. */
const emptyDepth = 5;

/** Nothing, `false`, or a list or object of such: what Microsoft Graph shows of a property that was never set. */
function isEmpty(value: unknown, depth: number): boolean {
  if (value === null || value === false || value === '') return true;
  if (depth === 0 || typeof value !== 'object' || value === undefined) return false;
  return Object.values(value).every((each) => isEmpty(each, depth - 1));
}

function parseMoment(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !momentPattern.test(value)) return undefined;
  const date = new Date(value);
  // Years of five digits cannot be stored; they can only come about through the time zone.
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? undefined : date;
}

/** The value, or a refusal that names the property. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw graphRefusal('missingProperty', [name]);
  return value;
}
