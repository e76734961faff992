import { checkText } from './check-text.ts';
import type { AppRegistration } from './entities.ts';
import { directoryRefusal } from './problems.ts';
import type { DirectorySnapshot } from './snapshot.ts';

/** Limits of Microsoft's application manifest. */
const identifierUriLimit = 50;
const redirectUriLimit = 256;
const uriLength = 256;
const tagLimit = 100;

/** RFC 3986 section 3: scheme and authority, no query, no fragment, no user information. */
const identifierPattern = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@\s\\]+)((?:\/[^?#\s\\]*)?)$/i;
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Application ID URIs (Microsoft's "restrictions on identifier URIs"): an `http` or `https` one lies on a verified
 * domain of the tenant, one of another scheme does too or holds the tenant's or the application's id. So nobody can
 * take a name that another tenant has a claim to. Throws a Refusal for the first that is wrong or taken.
 */
export function checkIdentifierUris(snapshot: DirectorySnapshot, application: AppRegistration): void {
  const { identifierUris, id } = application;
  checkCount('identifierUris', identifierUris, identifierUriLimit);
  for (const uri of identifierUris) {
    checkText('identifierUris', uri, uriLength);
    checkIdentifierUri(snapshot, application, uri);
    const holder = snapshot.findApplicationByUri(uri);
    if (holder !== undefined && holder.id !== id) throw directoryRefusal('identifierUriTaken');
  }
}

function checkIdentifierUri(snapshot: DirectorySnapshot, application: AppRegistration, uri: string): void {
  const [, scheme = '', authority = '', path = ''] = identifierPattern.exec(uri) ?? [];
  if (scheme === '' || uri.endsWith('/')) {
    throw directoryRefusal('invalidValue', 'identifierUris', 'a URI such as api://<application id> is needed');
  }
  const host = authority.toLowerCase().replace(/:\d+$/, '');
  const owner = findDomainOwner(snapshot, host);
  const ids: readonly string[] = [application.tenantId, application.clientId];
  const namesId = [host, ...path.toLowerCase().split('/')].some((segment) => ids.includes(segment));
  const onWeb = /^https?$/i.test(scheme);
  const allowed = owner === undefined ? namesId && !onWeb : owner === application.tenantId;
  if (!allowed) throw directoryRefusal('identifierUriUnverified', uri);
}

/** The tenant that has verified `host` or a domain above it. */
function findDomainOwner(snapshot: DirectorySnapshot, host: string): string | undefined {
  const labels = host.split('.');
  for (let at = 0; at < labels.length - 1; at++) {
    const tenant = snapshot.findTenant(labels.slice(at).join('.'));
    if (tenant !== undefined) return tenant.id;
  }
  return undefined;
}

/** Redirect URIs of a web application: `https`, or `http` to this very machine; absolute, without fragment or `*`. */
export function checkRedirectUris(uris: readonly string[]): void {
  checkCount('redirectUris', uris, redirectUriLimit);
  for (const uri of uris) {
    checkText('redirectUris', uri, uriLength);
    const url = URL.canParse(uri) ? new URL(uri) : undefined;
    const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackHosts.has(url.hostname));
    const plain = url?.username === '' && url.password === '' && !/[#*\\\s]/.test(uri);
    if (!secure || !plain) {
      throw directoryRefusal('invalidValue', 'redirectUris', 'an absolute https URL without fragment is needed');
    }
  }
}

export function checkTags(tags: readonly string[]): void {
  checkCount('tags', tags, tagLimit);
  for (const tag of tags) checkText('tags', tag, uriLength);
}

function checkCount(property: string, values: readonly string[], limit: number): void {
  if (values.length > limit) throw directoryRefusal('invalidValue', property, `at most ${limit} are allowed`);
  const distinct = new Set(values.map((value) => (property === 'identifierUris' ? value.toLowerCase() : value)));
  if (distinct.size < values.length) throw directoryRefusal('invalidValue', property, 'a value is there twice');
}
