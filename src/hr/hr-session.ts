import type { ClientId } from '../kernel/ids.ts';
import type { Language } from '../kernel/language.ts';
import type { Problem } from '../kernel/refusal.ts';
import { type EffectiveAccess, serviceAccess } from './effective-access.ts';
import { platformRejected, userDisabled, userNotFound } from './hr-problems.ts';
import type { HrSnapshot } from './hr-snapshot.ts';
import type { HrUser } from './hr-user.ts';
import { securableKey } from './level.ts';

/** A caller that became a Human Resources user: the identity and rights that its query runs with. */
export interface HrSession {
  readonly kind: 'session';
  readonly snapshot: HrSnapshot;
  readonly user: HrUser;
  readonly access: EffectiveAccess;
}

/** The checks of the second gate, in order (human-resources-security 7, steps 11 to 19). */
export type HrCheck =
  | 'platform link'
  | 'application link'
  | 'linked user'
  | 'user enabled'
  | 'role'
  | 'permission'
  | 'legal entity'
  | 'policy'
  | 'column'
  | 'supported';

export interface Denial {
  readonly kind: 'deny';
  readonly check: HrCheck;
  /** What the caller is told. */
  readonly problem: Problem;
  /** The names and ids that the decision rests on. */
  readonly data: DenialData;
  /** The true reason, for the log and the administrator; worked out when asked. */
  readonly explain: () => string;
}

/** Names and ids: never a value of a row. */
export type DenialData = Readonly<Record<string, string>>;

/** Client id of the platform's own application, which makes the call from Dataverse to Human Resources (section 4). */
export const platformClientId = '61a0518c-121a-421a-9ad6-f0955a88be43';

/** Role that lets the platform's user call the adapter service, and nothing else. */
export const adapterRole = 'CDSVirtualEntityApplication';

/** The service operation that calls through virtual tables arrive at; its right is Invoke. */
export const adapterService = 'CDSVirtualEntityAdapterService';

const adapterKey = securableKey('ServiceOperation', adapterService);

/**
 * Steps 11 to 14: the platform's own link, then the caller's. `appName` names the application in the message when it
 * has no link at all; without it the client id does.
 */
export function openHrSession(
  snapshot: HrSnapshot,
  caller: { readonly clientId: ClientId | undefined; readonly appName?: string },
): HrSession | Denial {
  const platform = snapshot.platformFault(findPlatformFault);
  if (platform !== undefined) {
    return deny('platform link', platformRejected(languageOfHop(snapshot, caller.clientId)), () => platform, {
      clientId: platformClientId,
    });
  }
  const link = caller.clientId === undefined ? undefined : snapshot.links.get(caller.clientId);
  if (link === undefined) {
    const name = caller.appName || (caller.clientId ?? '');
    return deny(
      'application link',
      userNotFound(name, languageOfHop(snapshot)),
      () =>
        caller.clientId === undefined
          ? `${name} is no application, so it has no application link`
          : `client id ${caller.clientId} has no application link`,
      caller.clientId === undefined ? {} : { clientId: caller.clientId },
    );
  }
  const user = link.userId === undefined ? undefined : snapshot.findUser(link.userId);
  if (user === undefined) {
    const name = link.userId ?? link.name ?? caller.clientId ?? '';
    return deny(
      'linked user',
      userNotFound(name, languageOfHop(snapshot)),
      () => `the link of ${caller.clientId} names no existing user`,
      { clientId: link.clientId, hrUser: link.userId ?? '' },
    );
  }
  if (!user.enabled) {
    return deny(
      'user enabled',
      userDisabled(user.id, user.language),
      () => `user ${user.id} is disabled in Human Resources`,
      { hrUser: user.id },
    );
  }
  return { kind: 'session', snapshot, user, access: snapshot.accessOf(user) };
}

/** Why the call from Dataverse itself would be rejected; `undefined` when it would not. */
function findPlatformFault(snapshot: HrSnapshot): string | undefined {
  const userId = snapshot.links.get(platformClientId)?.userId;
  const user = userId === undefined ? undefined : snapshot.findUser(userId);
  if (user === undefined) return `the platform application ${platformClientId} is not linked to an existing user`;
  if (!user.enabled) return `the platform's user ${user.id} is disabled`;
  const service = serviceAccess(snapshot.accessOf(user), adapterKey);
  if (service === 'denied') return `Invoke on ${adapterService} is denied to the platform's user ${user.id}`;
  const hasRole = user.roles.some(({ role }) => role.identifier.toLowerCase() === adapterRole.toLowerCase());
  return hasRole || service === 'allowed'
    ? undefined
    : `the platform's user ${user.id} lacks the role ${adapterRole} and Invoke on ${adapterService}`;
}

/** Before the caller's user is known, the user that answers is the platform's; without one, the text is English. */
function languageOfHop(snapshot: HrSnapshot, clientId?: ClientId): Language {
  const linked = [clientId, platformClientId].map((id) => snapshot.links.get(id ?? '')?.userId);
  const user = linked.flatMap((id) => (id === undefined ? [] : (snapshot.findUser(id) ?? []))).at(0);
  return user?.language ?? 'en';
}

export const deny = (check: HrCheck, problem: Problem, explain: () => string, data: DenialData = {}): Denial => ({
  kind: 'deny',
  check,
  problem,
  explain,
  data,
});
