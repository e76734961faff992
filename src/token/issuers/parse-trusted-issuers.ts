import { type ClientId, parseGuid } from '../../kernel/ids.ts';
import { IssuerError, shown } from './issuer-error.ts';
import { parseIssuer, parseIssuerUrl } from './issuer-url.ts';
import { type SignatureAlgorithm, signatureAlgorithms } from './key-set.ts';
import {
  type ClaimRules,
  type ListedApplication,
  type OutsideSurface,
  outsideSurfaces,
  type TrustedIssuer,
} from './trusted-issuer.ts';

/** The setting is wrong. `message` says where in it and what is allowed, in one line. */
export class TrustedIssuersError extends Error {
  constructor(path: string, allowed: string) {
    super(`${path}: ${allowed}`);
    this.name = 'TrustedIssuersError';
  }
}

/** Stands in the URL of an issuer that has one for each of its tenants, as Entra ID writes it. */
const tenantTemplate = '{tenantid}';
const mostIssuers = 100;
const defaultAlgorithms: readonly SignatureAlgorithm[] = ['RS256'];

const memberNames = [
  'name',
  'issuer',
  'issuers',
  'tenant',
  'environments',
  'audiences',
  'foreignTenants',
  'algorithms',
  'clientIdClaim',
  'applications',
  'applicationClaims',
  'requiredClaims',
  'appRoles',
  'authorizationUri',
];

/**
 * Text of the setting, a JSON list, to issuers (docs/outside-issuers.md). Every member is known and checked: a misspelled
 * one would otherwise leave out a condition.
 * @throws TrustedIssuersError
 */
export function parseTrustedIssuers(text: string): readonly TrustedIssuer[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) throw new TrustedIssuersError('the whole', 'a JSON list of issuers');
  const trusted = list.map((each: unknown, index) => parseEntry(each, `[${index}]`));
  refuseTwice(
    trusted.map(({ name }) => name.toLowerCase()),
    'name',
  );
  refuseTwice(
    trusted.flatMap(({ issuers }) => issuers),
    'issuer',
  );
  refuseTwice(
    trusted.flatMap((each) => (each.applications === 'any' ? each.tenant : [])),
    "'any' application for tenant",
  );
  refuseTwice(
    trusted.flatMap((each) => (each.authorizationUri === undefined ? [] : each.tenant)),
    'authorizationUri for tenant',
  );
  if (trusted.flatMap(({ issuers }) => issuers).length > mostIssuers) {
    throw new TrustedIssuersError('the whole', `at most ${mostIssuers} issuers`);
  }
  return trusted;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TrustedIssuersError('the whole', 'JSON');
  }
}

function parseEntry(value: unknown, path: string): TrustedIssuer {
  const entry = new Members(value, path, memberNames);
  const name = entry.text('name');
  const foreignTenants = entry.texts('foreignTenants')?.map((each) => each.toLowerCase());
  return {
    name,
    issuers: parseIssuerUrls(entry, foreignTenants),
    tenant: entry.text('tenant').toLowerCase(),
    environments: entry.texts('environments')?.map((each) => parseOrigin(each, `${path}.environments`)),
    audiences: parseAudiences(entry.get('audiences'), `${path}.audiences`),
    foreignTenants,
    algorithms:
      entry.texts('algorithms')?.map((each) => parseAlgorithm(each, `${path}.algorithms`)) ?? defaultAlgorithms,
    clientIdClaim: entry.optionalText('clientIdClaim'),
    applications: parseApplications(entry.get('applications'), name, `${path}.applications`),
    applicationClaims: parseClaimRules(entry.get('applicationClaims'), `${path}.applicationClaims`),
    requiredClaims: parseClaimRules(entry.get('requiredClaims'), `${path}.requiredClaims`) ?? new Map(),
    appRoles: entry.texts('appRoles') ?? [],
    authorizationUri: parseAuthorizationUri(entry.optionalText('authorizationUri'), `${path}.authorizationUri`),
  };
}

/** One URL or several; a template stands for one URL of each foreign tenant, so that `iss` is always compared exactly. */
function parseIssuerUrls(entry: Members, foreignTenants: readonly string[] | undefined): readonly string[] {
  const one = entry.optionalText('issuer');
  const several = entry.texts('issuers');
  const written = one === undefined ? several : several === undefined ? [one] : undefined;
  if (written === undefined) throw new TrustedIssuersError(`${entry.path}.issuer`, 'either `issuer` or `issuers`');
  return written.flatMap((template) => {
    if (template.includes(tenantTemplate) && foreignTenants === undefined) {
      const allowed = `\`foreignTenants\` must list the tenants that ${tenantTemplate} stands for`;
      throw new TrustedIssuersError(`${entry.path}.issuer`, allowed);
    }
    const urls = template.includes(tenantTemplate)
      ? (foreignTenants ?? []).map((tenant) => template.replaceAll(tenantTemplate, encodeURIComponent(tenant)))
      : [template];
    return urls.map((url) => checkUrl(() => parseIssuer(url), url, `${entry.path}.issuer`));
  });
}

function parseAudiences(value: unknown, path: string): Partial<Record<OutsideSurface, readonly string[]>> {
  if (value === undefined) return {};
  if (Array.isArray(value)) return { webApi: parseTexts(value, path) };
  const members = new Members(value, path, outsideSurfaces);
  return Object.fromEntries(
    outsideSurfaces.flatMap((surface) => {
      const audiences = members.texts(surface);
      return audiences === undefined ? [] : [[surface, audiences]];
    }),
  );
}

function parseApplications(value: unknown, issuer: string, path: string): TrustedIssuer['applications'] {
  if (value === 'any') return 'any';
  if (!Array.isArray(value)) {
    throw new TrustedIssuersError(path, "a list of client ids, or 'any' for every application that the issuer knows");
  }
  const listed = value.map((each: unknown, index) => parseApplication(each, issuer, `${path}[${index}]`));
  refuseTwice(
    listed.map(([clientId]) => clientId),
    `${path} client id`,
  );
  refuseTwice(
    listed.map(([, { id }]) => id),
    `${path} id`,
  );
  return new Map(listed);
}

function parseApplication(value: unknown, issuer: string, path: string): readonly [string, ListedApplication] {
  const members = typeof value === 'string' ? undefined : new Members(value, path, ['id', 'clientId', 'name']);
  const id = parseGuid<ClientId>(members?.text('id') ?? String(value));
  if (id === undefined)
    throw new TrustedIssuersError(path, 'a GUID, or an object with `id` (a GUID), `clientId` and `name`');
  const name = members?.optionalText('name') ?? `${issuer} ${id}`;
  const clientId = members?.optionalText('clientId') ?? id;
  return [parseGuid(clientId) ?? clientId, { id, name }];
}

function parseClaimRules(value: unknown, path: string): ClaimRules | undefined {
  if (value === undefined) return undefined;
  const members = new Members(value, path);
  if (members.names.length === 0) throw new TrustedIssuersError(path, 'at least one claim');
  return new Map(members.names.map((name) => [name, parseClaimRule(members.get(name), `${path}.${name}`)]));
}

function parseClaimRule(value: unknown, path: string): readonly (string | boolean)[] | 'present' {
  if (value === '*') return 'present';
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const known = values.filter((each) => typeof each === 'string' || typeof each === 'boolean');
  if (known.length === 0 || known.length < values.length || known.includes('')) {
    throw new TrustedIssuersError(path, "a text, true, false, a list of them, or '*' for any text");
  }
  return known;
}

function parseAlgorithm(text: string, path: string): SignatureAlgorithm {
  const found = signatureAlgorithms.find((each) => each === text);
  if (found === undefined) throw new TrustedIssuersError(path, `out of ${signatureAlgorithms.join(', ')}`);
  return found;
}

function parseOrigin(text: string, path: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.origin !== text) {
    throw new TrustedIssuersError(path, 'origins such as https://hr.example.com, without a path');
  }
  return url.origin;
}

/** It stands unquoted in a header whose readers split at commas, equal signs and white space. */
function parseAuthorizationUri(text: string | undefined, path: string): string | undefined {
  if (text === undefined) return undefined;
  if (/[^\x21-\x7e]|[,="]/.test(text)) throw new TrustedIssuersError(path, 'a URL without comma, quote and equal sign');
  return checkUrl(() => parseIssuerUrl(text), text, path);
}

function checkUrl(check: () => unknown, text: string, path: string): string {
  try {
    check();
    return text;
  } catch (error) {
    if (error instanceof IssuerError) throw new TrustedIssuersError(path, `an https URL; ${error.message}`);
    throw error;
  }
}

function refuseTwice(values: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) throw new TrustedIssuersError('the whole', `each ${what} once; '${shown(value)}' comes twice`);
    seen.add(value);
  }
}

function parseTexts(value: unknown, path: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const texts = list.filter((each) => typeof each === 'string' && each !== '');
  if (texts.length === 0 || texts.length < list.length)
    throw new TrustedIssuersError(path, 'a list of texts, not empty');
  return texts.map(String);
}

/** Members of a JSON object, by name. */
class Members {
  readonly path: string;
  readonly names: readonly string[];
  readonly #values: ReadonlyMap<string, unknown>;

  /** @param known `undefined`: any name */
  constructor(value: unknown, path: string, known?: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new TrustedIssuersError(path, 'an object');
    this.path = path;
    this.#values = new Map(Object.entries(value));
    this.names = [...this.#values.keys()];
    const stray = known && this.names.find((name) => !known.includes(name));
    if (stray !== undefined)
      throw new TrustedIssuersError(`${path}.${shown(stray)}`, `no such member; there are ${known?.join(', ')}`);
  }

  get(name: string): unknown {
    return this.#values.get(name);
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new TrustedIssuersError(`${this.path}.${name}`, 'a text is needed');
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '')
      throw new TrustedIssuersError(`${this.path}.${name}`, 'a text, not empty');
    return value;
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : parseTexts(value, `${this.path}.${name}`);
  }
}
