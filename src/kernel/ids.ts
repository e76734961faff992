import { createHash, randomUUID } from 'node:crypto';
import type { Brand } from './brand.ts';

/** A lower-case GUID with hyphens. Every id below is one; the brand says of what. */
export type Guid = Brand<string, 'Guid'>;
export type TenantId = Guid & Brand<string, 'TenantId'>;
export type ClientId = Guid & Brand<string, 'ClientId'>;
export type EnvironmentId = Guid & Brand<string, 'EnvironmentId'>;
/** Object id of a service principal inside one tenant (`oid` in a token). */
export type ServicePrincipalId = Guid & Brand<string, 'ServicePrincipalId'>;
export type SystemUserId = Guid & Brand<string, 'SystemUserId'>;
export type SecurityRoleId = Guid & Brand<string, 'SecurityRoleId'>;
export type BusinessUnitId = Guid & Brand<string, 'BusinessUnitId'>;
export type PrivilegeId = Guid & Brand<string, 'PrivilegeId'>;
/** Human Resources user id: text that an administrator chose, compared without regard to case. */
export type HrUserId = Brand<string, 'HrUserId'>;
/** Legal entity code (`mshr_dataareaid`), lower case. */
export type LegalEntityId = Brand<string, 'LegalEntityId'>;

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Text to GUID; upper case and surrounding braces are accepted. `undefined` when it is not one. */
export function parseGuid<T extends Guid = Guid>(text: string): T | undefined {
  if (guidPattern.test(text)) return text as T;
  const lower = text.toLowerCase();
  const bare = lower.startsWith('{') && lower.endsWith('}') ? lower.slice(1, -1) : lower;
  return guidPattern.test(bare) ? (bare as T) : undefined;
}

/** As `parseGuid`, for values that are known to be GUIDs (constants, rows of our own store). Throws otherwise. */
export function getGuid<T extends Guid = Guid>(text: string): T {
  const guid = parseGuid<T>(text);
  if (guid === undefined) throw new TypeError(`not a GUID: ${text}`);
  return guid;
}

/** A new random GUID. */
export const newGuid = <T extends Guid = Guid>(): T => getGuid<T>(randomUUID());

/**
 * Id of a request: a GUID that begins with the time (RFC 9562 section 5.7, version 7), so that what was logged near it is
 * found near it. Not a secret.
 */
export function newRequestId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** The same GUID for the same name, everywhere and always (RFC 9562 section 5.5, version 5 in our own namespace). */
export function namedGuid<T extends Guid = Guid>(name: string): T {
  const bytes = createHash('sha1').update('portvakt:').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return getGuid<T>(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  );
}

/** Text to Human Resources user id: trimmed, not empty, at most 60 characters. */
export function parseHrUserId(text: string): HrUserId | undefined {
  const trimmed = text.trim();
  return trimmed.length > 0 && trimmed.length <= 60 ? (trimmed as HrUserId) : undefined;
}

/** Text to legal entity code: lower case, at most 4 characters (`dataAreaId`). */
export function parseLegalEntityId(text: string): LegalEntityId | undefined {
  const lower = text.trim().toLowerCase();
  return /^[\p{L}\p{N}]{1,4}$/u.test(lower) ? (lower as LegalEntityId) : undefined;
}
