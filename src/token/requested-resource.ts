import { parseGuid } from '../kernel/ids.ts';
import { TokenRefusal } from './problems.ts';
import type { TokenRequest } from './token-request.ts';

const suffix = '/.default';
/** Scopes of OpenID Connect: they name no resource. */
const resourceless: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);
/** RFC 6749 section 3.3, `scope-token`. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The parameter that names the resource must be there: before any look-up (dataverse-web-api 1.11). */
export function requireResource({ version, parameters }: TokenRequest): void {
  const hasResource = parameters.has('resource');
  if (version === 'v1' && !hasResource) throw new TokenRefusal('missingParameter', ['resource']);
  if (version === 'v2' && hasResource) throw new TokenRefusal('resourceNotSupported');
  if (version === 'v2' && !parameters.has('scope')) throw new TokenRefusal('missingParameter', ['scope']);
}

/** The identifier of the resource that a token is asked for, as the client wrote it; a GUID in lower case. */
export function parseRequestedResource({ version, parameters }: Pick<TokenRequest, 'version' | 'parameters'>): string {
  if (version === 'v1') return canonical(parameters.get('resource') ?? '');
  const scope = parameters.get('scope') ?? '';
  const scopes = scope.split(' ').filter((each) => each !== '');
  if (scopes.length === 0) throw new TokenRefusal('scopeMalformed', [scope]);
  if (scopes.every((each) => resourceless.has(each))) throw new TokenRefusal('scopeResourceless', [scope]);
  const resources = new Set(scopes.map(parseScope));
  const [resource, ...others] = resources;
  if (resource === undefined || others.length > 0) throw new TokenRefusal('severalResources', [scope]);
  return resource;
}

/** `<resource>/.default` to the resource. Of `//.default` the first slash belongs to it (dataverse-web-api 1.3). */
function parseScope(scope: string): string {
  if (!scopeToken.test(scope)) throw new TokenRefusal('scopeMalformed', [scope]);
  if (!scope.endsWith(suffix)) throw new TokenRefusal('scopeWithoutDefault', [scope]);
  const identifier = scope.slice(0, -suffix.length);
  const isUri = /^(?:https?|api):\/\/[^/]/i.test(identifier);
  if (!isUri && parseGuid(identifier) === undefined) throw new TokenRefusal('scopeMalformed', [scope]);
  return canonical(identifier);
}

const canonical = (identifier: string): string => parseGuid(identifier) ?? identifier;
