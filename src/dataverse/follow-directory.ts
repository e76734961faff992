import type { ClientId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Model } from '../metadata/table.ts';
import type { MaintenanceStore } from '../odata/row-store.ts';
import type { ApplicationUser } from './application-user.ts';
import type { SecurityInForce } from './dataverse-security.ts';
import type { DirectoryApplication } from './native/native-deps.ts';
import { getColumn, getTable } from './security-rows.ts';

export interface DirectoryFollower {
  readonly model: Model;
  readonly rows: MaintenanceStore;
  readonly security: SecurityInForce;
  readonly log: Log;
  /** The application with a service principal in the environment's tenant. */
  find(clientId: ClientId): DirectoryApplication | undefined;
  /** Calls back after each change of the directory; `undefined`: any application. Gives how to end that. */
  onChange(listener: (clientId: ClientId | undefined) => void): () => void;
}

export interface FollowedDirectory {
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

/**
 * Keeps `azureactivedirectoryobjectid` of application users what the directory says, as the platform does on nobody's
 * behalf. An application whose consent was withdrawn keeps its user; when it is admitted again it is a new service
 * principal, and the user, who is found by the client id, becomes that one's. While there is none the last id stays.
 */
export function followDirectory(follower: DirectoryFollower): FollowedDirectory {
  let last: Promise<void> = Promise.resolve();
  const follow = (clientId: ClientId | undefined): void => {
    last = last
      .then(() => adoptObjectIds(follower, clientId))
      .catch((error: unknown) =>
        follower.log.error('application users could not follow the directory', { error: String(error) }),
      );
  };
  // What changed while the environment was not open.
  follow(undefined);
  const end = follower.onChange(follow);
  return {
    async stop() {
      end();
      await last;
    },
  };
}

async function adoptObjectIds(follower: DirectoryFollower, clientId: ClientId | undefined): Promise<void> {
  const { model, rows, security, log } = follower;
  const stale = usersOf(security, clientId).flatMap((user) => {
    const objectId = user.clientId && follower.find(user.clientId)?.objectId;
    return objectId === undefined || objectId === user.objectId ? [] : [{ user, objectId }];
  });
  if (stale.length === 0) return;
  const table = getTable(model, 'systemuser');
  const column = getColumn(table, 'azureactivedirectoryobjectid');
  await rows.maintain(async (transaction) => {
    for (const { user, objectId } of stale) {
      if ((await transaction.get(table, user.id)) === undefined) continue;
      await transaction.update(table, user.id, new Map([[column, objectId]]));
    }
  });
  await security.refresh();
  for (const { user } of stale) log.info('application user follows its service principal', { user: user.id });
}

function usersOf({ current }: SecurityInForce, clientId: ClientId | undefined): readonly ApplicationUser[] {
  if (clientId === undefined) return [...current.usersByClientId.values()];
  const user = current.usersByClientId.get(clientId);
  return user === undefined ? [] : [user];
}
