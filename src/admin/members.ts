import { parseDomain } from '../directory/change-tenant.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { type Guid, parseGuid } from '../kernel/ids.ts';
import { uniqueNamePattern } from '../kernel/unique-name.ts';
import { AdminRefusal } from './problems.ts';

/** What a member of a body may hold. `says` ends the sentence "the member is not …", `schema` is its JSON Schema. */
export interface Kind<T> {
  readonly says: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** `undefined`: not of this kind. */
  parse(value: unknown): T | undefined;
}

/** One member of a body, as it is read and as the OpenAPI document describes it. */
export interface Member<T = unknown> {
  readonly kind: Kind<T>;
  readonly required: boolean;
  readonly description: string;
}

export type Members = Readonly<Record<string, Member>>;

export const required = <T>(kind: Kind<T>, description: string) => ({ kind, required: true as const, description });
export const optional = <T>(kind: Kind<T>, description: string) => ({ kind, required: false as const, description });

/** Values of a body by the names of its members. */
export type Values<M extends Members> = {
  readonly [Name in keyof M]: M[Name] extends { readonly kind: Kind<infer T> }
    ? M[Name]['required'] extends true
      ? T
      : T | undefined
    : never;
};

const whenText =
  <T>(parse: (text: string) => T | undefined) =>
  (value: unknown): T | undefined =>
    typeof value === 'string' ? parse(value) : undefined;

/** 1 to `maxLength` characters without control characters, trimmed. */
export const lineOf = (maxLength: number): Kind<string> => ({
  says: `a text of 1 to ${maxLength} characters on one line`,
  schema: { type: 'string', minLength: 1, maxLength },
  parse: whenText((text) => {
    const trimmed = text.trim();
    return trimmed !== '' && trimmed.length <= maxLength && !/\p{Cc}/u.test(trimmed) ? trimmed : undefined;
  }),
});

/** A GUID as the id that it stands for. */
export const idOf = <T extends Guid>(): Kind<T> => ({
  says: 'a GUID',
  schema: { type: 'string', format: 'uuid' },
  parse: whenText((text) => parseGuid<T>(text)),
});

export const oneOf = <const T extends string>(all: readonly T[]): Kind<T> => ({
  says: `one of ${all.join(', ')}`,
  schema: { type: 'string', enum: all },
  parse: (value) => all.find((each) => each === value),
});

export const domain: Kind<string> = {
  says: 'a domain name such as contoso.example',
  schema: { type: 'string', format: 'hostname', maxLength: 253 },
  parse: whenText(parseDomain),
};

export const domains: Kind<readonly string[]> = {
  says: 'a list of 1 to 20 domain names such as contoso.example',
  schema: { type: 'array', items: domain.schema, minItems: 1, maxItems: 20 },
  parse(value) {
    if (!Array.isArray(value) || value.length === 0 || value.length > 20) return undefined;
    const names = value.flatMap((each: unknown) => domain.parse(each) ?? []);
    return names.length === value.length ? names : undefined;
  },
};

export const uniqueName: Kind<string> = {
  says: 'a unique name: 1 to 40 lower-case letters, digits and hyphens, a letter first, no hyphen last',
  schema: { type: 'string', pattern: uniqueNamePattern.source },
  parse: whenText((text) => (uniqueNamePattern.test(text) ? text : undefined)),
};

export const flag: Kind<boolean> = {
  says: 'true or false',
  schema: { type: 'boolean' },
  parse: (value) => (typeof value === 'boolean' ? value : undefined),
};

export const wholeOf = (least: number, most: number): Kind<number> => ({
  says: `a whole number from ${least} to ${most}`,
  schema: { type: 'integer', minimum: least, maximum: most },
  parse: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined,
});

const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

export const moment: Kind<Date> = {
  says: 'a moment such as 2026-03-01T12:00:00Z',
  schema: { type: 'string', format: 'date-time' },
  parse: whenText((text) => {
    const time = momentPattern.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? undefined : new Date(time);
  }),
};

const eventType = /^[a-z][A-Za-z]{0,39}\.[a-z][A-Za-z]{0,39}$/;

export const eventTypeList: Kind<readonly string[]> = {
  says: 'a list of at most 20 types of events such as candidate.hired',
  schema: { type: 'array', items: { type: 'string', pattern: eventType.source }, maxItems: 20 },
  parse(value) {
    if (!Array.isArray(value) || value.length > 20) return undefined;
    const types = value.flatMap((each: unknown) => (typeof each === 'string' && eventType.test(each) ? each : []));
    return types.length === value.length ? types : undefined;
  },
};

/** Labels of letters, digits and inner hyphens. Not an address: environments are told apart by their names. */
const hostPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const origin: Kind<string> = {
  says: 'an origin with a host name, such as https://hr.contoso.example, without a path',
  schema: { type: 'string', format: 'uri', maxLength: 255 },
  parse: whenText((text) => {
    const url = text.length <= 255 && URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || !hostPattern.test(url.hostname)) return undefined;
    const bare = text.replace(/\/$/, '').toLowerCase();
    const port = url.port === '' ? `:${url.protocol === 'https:' ? 443 : 80}` : '';
    return bare === url.origin || bare === url.origin + port ? url.origin : undefined;
  }),
};

/** Bytes of a body; the largest honest one is a tenant with its domains. */
const adminBodyLimit = 64 * 1024;

/** The JSON object in a request's body, with these members and no others; an empty body has none. */
export function parseBody<M extends Members>(request: HttpRequest, members: M, limit = adminBodyLimit): Values<M> {
  const sent = readObject(request, limit);
  for (const name of sent.keys()) if (!Object.hasOwn(members, name)) throw new AdminRefusal('memberUnknown', [name]);
  const entries = Object.entries(members).map(([name, member]) => [name, readMember(name, member, sent.get(name))]);
  return parseValues<M>(Object.fromEntries(entries));
}

/** INVARIANT: made of exactly the members' own values, one by one. */
const parseValues = <M extends Members>(values: object): Values<M> => values as Values<M>;

function readMember(name: string, { kind, required: isRequired }: Member, value: unknown): unknown {
  if (value === undefined || value === null) {
    if (isRequired) throw new AdminRefusal('memberMissing', [name]);
    return undefined;
  }
  const parsed = kind.parse(value);
  if (parsed === undefined) throw new AdminRefusal('memberInvalid', [name, kind.says]);
  return parsed;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readObject({ body, headers }: HttpRequest, limit: number): ReadonlyMap<string, unknown> {
  if (body.length === 0) return new Map();
  if (body.length > limit) throw new AdminRefusal('bodyTooLarge', [limit]);
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new AdminRefusal('bodyUnreadable', [], { reason: `content type ${type}` });
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AdminRefusal('bodyUnreadable');
  return new Map(Object.entries(value));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new AdminRefusal('bodyUnreadable');
  }
}
