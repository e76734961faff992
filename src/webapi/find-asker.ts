import type { ApplicationUser } from '../dataverse/application-user.ts';
import { findApplicationUser } from '../dataverse/find-user.ts';
import { type ImpersonatedUser, impersonate } from '../dataverse/impersonate.ts';
import { invalidArgument } from '../dataverse/messages.ts';
import type { DataverseSnapshot } from '../dataverse/snapshot.ts';
import type { AuditActor } from '../kernel/audit.ts';
import { parseGuid } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { RequestHeaders } from '../odata/headers.ts';
import type { Caller } from '../token/caller.ts';

/** The application user that a caller is. Throws a `Refusal` (403). */
export const userOf = (snapshot: DataverseSnapshot, caller: Caller): ApplicationUser =>
  findApplicationUser(snapshot, caller.clientId, caller.outside && caller.objectId);

/** Headers that ask to be answered as another user (dataverse-web-api 3.8). Lower case. */
const impersonationHeaders = { callerobjectid: 'objectId', mscrmcallerid: 'userId' } as const satisfies Record<
  string,
  ImpersonatedUser['kind']
>;

/**
 * Who a request is decided for and answered to: the caller's user, or the one in whose name the headers ask. Both are
 * noted. Throws a `Refusal`: 403 of `findApplicationUser` and `impersonate`, 400 for headers that name nobody.
 */
export function findAsker(
  snapshot: DataverseSnapshot,
  caller: Caller,
  headers: RequestHeaders,
  notes: AuditActor,
): ApplicationUser {
  const user = userOf(snapshot, caller);
  notes.userId = user.id;
  const asked = parseImpersonation(headers);
  if (asked === undefined) return user;
  // Also for who is refused: the log says who tried.
  notes.actorId = user.id;
  const asker = impersonate(snapshot, user, asked);
  notes.userId = asker.id;
  if (asker.impersonation === undefined) delete notes.actorId;
  return asker;
}

/** Almost no request has one of them. */
const impersonates = (headers: RequestHeaders): boolean =>
  headers['callerobjectid'] !== undefined || headers['mscrmcallerid'] !== undefined;

function parseImpersonation(headers: RequestHeaders): ImpersonatedUser | undefined {
  if (!impersonates(headers)) return undefined;
  const asked = Object.entries(impersonationHeaders).flatMap(([name, kind]) => {
    const text = headers[name];
    return text === undefined ? [] : [{ name, kind, id: parseGuid(text.trim()) }];
  });
  const [first, second] = asked;
  if (first === undefined) return undefined;
  if (second !== undefined) throw refuseHeader('`CallerObjectId` and `MSCRMCallerID` cannot both be given');
  if (first.id === undefined) throw refuseHeader(`the header \`${first.name}\` must be the id of a user`);
  return { kind: first.kind, id: first.id };
}

/** A part of a batch that says nothing of its own is answered in the name that the batch asks for. */
export function inheritImpersonation(part: RequestHeaders, outer: RequestHeaders): RequestHeaders {
  if (impersonates(part) || !impersonates(outer)) return part;
  const names = Object.keys(impersonationHeaders);
  const inherited = names.flatMap((name) => (outer[name] === undefined ? [] : [[name, outer[name]] as const]));
  return { ...part, ...Object.fromEntries(inherited) };
}

const refuseHeader = (message: string): Refusal => new Refusal('parse', invalidArgument(message));
