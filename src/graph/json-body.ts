import type { HttpRequest } from '../kernel/http.ts';
import { type Guid, parseGuid } from '../kernel/ids.ts';
import { graphRefusal } from './problems.ts';

/** Bytes of a request body; the largest honest one carries a few certificates. */
export const graphBodyLimit = 256 * 1024;

/** The JSON object in a request's body. `allowed` names the members that it may have; an empty body has none. */
export function parseJsonBody(request: HttpRequest, allowed: readonly string[]): JsonMembers {
  if (request.body.length > graphBodyLimit) throw graphRefusal('bodyTooLarge', [graphBodyLimit]);
  if (request.body.length === 0) return new JsonMembers({}, allowed);
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw graphRefusal('unreadableBody', [], `content type ${type}`);
  const value = parseJson(request.body);
  if (!isObject(value)) throw graphRefusal('unreadableBody', [], 'not a JSON object');
  return new JsonMembers(value, allowed);
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

  constructor(values: Record<string, unknown>, allowed: readonly string[]) {
    // Annotations such as `@odata.type` are allowed everywhere and mean nothing here.
    const members = Object.entries(values).filter(([name]) => !name.includes('@odata.'));
    for (const [name] of members) if (!allowed.includes(name)) throw graphRefusal('unknownProperty', [name]);
    this.#values = new Map(members);
  }

  has(name: string): boolean {
    return this.#values.has(name);
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

  moment(name: string): Date | undefined {
    return this.#read(name, 'a date and time such as 2027-01-31T00:00:00Z', parseMoment);
  }

  /** Base64 of bytes. */
  bytes(name: string): Buffer | undefined {
    return this.#read(name, 'base64', (value) =>
      typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined,
    );
  }

  object(name: string, allowed: readonly string[]): JsonMembers | undefined {
    return this.#read(name, 'an object', (value) => (isObject(value) ? new JsonMembers(value, allowed) : undefined));
  }

  list(name: string, allowed: readonly string[]): readonly JsonMembers[] | undefined {
    return this.#read(name, 'a list of objects', (value) =>
      Array.isArray(value) && value.every(isObject) ? value.map((each) => new JsonMembers(each, allowed)) : undefined,
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
