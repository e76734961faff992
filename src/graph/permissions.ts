import type { AppRegistration } from '../directory/entities.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import { parseGuid } from '../kernel/ids.ts';
import type { Caller } from '../token/caller.ts';
import type { GraphCall } from './call.ts';
import type { GraphKey } from './path.ts';
import { graphRefusal } from './problems.ts';

const readers = ['Application.Read.All', 'Application.ReadWrite.All'];

/**
 * Application permissions that each kind of operation needs: one of every list. Nothing else allows anything; an
 * application without any is refused.
 */
const needs = {
  read: [readers],
  write: [['Application.ReadWrite.All']],
  assign: [['AppRoleAssignment.ReadWrite.All'], readers],
} as const satisfies Record<string, readonly (readonly string[])[]>;

export type Need = keyof typeof needs;

/** Permissions that are in the token and have not been taken away since; an outside issuer's are its setting's affair. */
export function currentPermissions(caller: Caller, directory: DirectorySnapshot): string[] {
  const { tenantId, clientId, roles, outside } = caller;
  if (outside !== undefined) return [...roles];
  const held = directory.findServicePrincipal(tenantId, clientId)?.appRoles ?? [];
  return roles.filter((role) => held.includes(role));
}

/** Throws a Refusal (403) whose reason names what is missing. */
export function checkPermission(permissions: readonly string[], need: Need): void {
  const missing = needs[need].find((list) => !list.some((role) => permissions.includes(role)));
  if (missing === undefined) return;
  throw graphRefusal('notPermitted', [], `missing application permission ${missing.join(' or ')}`).because({
    condition: 'directory-permission',
    data: { permission: missing[0] ?? '' },
  });
}

/** Does the path name the application of the caller itself? It may roll its own keys without any permission. */
export function isOwnApplication(caller: Caller, directory: DirectorySnapshot, [key]: readonly GraphKey[]): boolean {
  const own = directory.findApplication(caller.clientId);
  // What another issuer calls its client is not what was registered here.
  if (own?.tenantId !== caller.tenantId || caller.outside !== undefined) return false;
  if (key?.by === 'appid') return parseGuid(key.value) === own.clientId;
  return key?.by === 'id' && parseGuid(key.value) === own.id;
}

/**
 * Whoever gives an application a new credential can act as it. So nobody gives one to an application that holds
 * permissions in this tenant which the caller lacks: `Application.ReadWrite.All` alone does not lead to
 * `AppRoleAssignment.ReadWrite.All`, as it does in the real product. Throws a Refusal (403).
 */
export function checkMayGiveCredentials(call: GraphCall, application: AppRegistration): void {
  const { caller, directory, permissions } = call;
  if (application.clientId === caller.clientId && caller.outside === undefined) return;
  const principal = directory.current.findServicePrincipal(caller.tenantId, application.clientId);
  const beyond = (principal?.appRoles ?? []).filter((role) => !permissions.includes(role));
  if (beyond.length === 0) return;
  throw graphRefusal('notPermitted', [], `the application holds ${beyond.join(', ')}, which the caller lacks`).because({
    condition: 'directory-permission',
    data: { permission: beyond[0] ?? '' },
  });
}
