import { beforeEach, describe, expect, test } from 'vitest';
import { followDirectory } from '../../src/dataverse/follow-directory.ts';
import type { DirectoryApplication } from '../../src/dataverse/native/native-deps.ts';
import { getTable } from '../../src/dataverse/security-rows.ts';
import { type ClientId, newGuid, type ServicePrincipalId } from '../../src/kernel/ids.ts';
import { recordingLog } from '../support/recording-log.ts';
import { application, TestEnvironment } from './support.ts';

let environment: TestEnvironment;
let directory: Map<ClientId, DirectoryApplication>;
let tell: (clientId: ClientId | undefined) => void;
let listening: boolean;
const log = recordingLog();

beforeEach(async () => {
  environment = await TestEnvironment.open();
  directory = new Map();
  log.lines.length = 0;
});

const follow = () => {
  listening = true;
  return followDirectory({
    model: environment.deps.model,
    rows: environment.store,
    security: environment.deps.security,
    log,
    find: (clientId) => directory.get(clientId),
    onChange(listener) {
      tell = listener;
      return () => {
        listening = false;
      };
    },
  });
};

/** An application with a user, and with a service principal unless it is `unknown`. */
async function addUser(): Promise<ClientId> {
  const clientId = newGuid<ClientId>();
  const known = application(clientId, 'ATS');
  directory.set(clientId, known);
  await environment.putUser(clientId, { azureactivedirectoryobjectid: known.objectId });
  await environment.deps.security.refresh();
  return clientId;
}

/** Withdrawn and admitted again. */
function admitAgain(clientId: ClientId): ServicePrincipalId {
  const objectId = newGuid<ServicePrincipalId>();
  directory.set(clientId, { ...application(clientId, 'ATS'), objectId });
  return objectId;
}

const objectIdOf = (clientId: ClientId) => environment.user(clientId).objectId;

describe('the object id of an application user', () => {
  test('follows an application that is admitted again, and no other', async () => {
    const [one, other] = [await addUser(), await addUser()];
    const following = follow();
    // All are looked at once when it begins.
    await new Promise(setImmediate);
    const [newId, otherId] = [admitAgain(one), objectIdOf(other)];
    admitAgain(other);
    tell(one);
    await following.stop();
    expect(objectIdOf(one)).toBe(newId);
    expect(objectIdOf(other)).toBe(otherId);
  });

  test('stays while the application is not admitted', async () => {
    const clientId = await addUser();
    const before = objectIdOf(clientId);
    const following = follow();
    directory.delete(clientId);
    tell(clientId);
    await following.stop();
    expect(objectIdOf(clientId)).toBe(before);
  });

  test('is made good for what changed while the environment was not open', async () => {
    const clientId = await addUser();
    const newId = admitAgain(clientId);
    await follow().stop();
    expect(objectIdOf(clientId)).toBe(newId);
    const rows = await environment.store.readAll(getTable(environment.deps.model, 'systemuser'));
    expect(rows.filter(({ values }) => [...values.values()].includes(newId))).toHaveLength(1);
  });

  test('is read anew for all after a change of anything', async () => {
    const clients = [await addUser(), await addUser()];
    const following = follow();
    const ids = clients.map(admitAgain);
    tell(undefined);
    await following.stop();
    expect(clients.map(objectIdOf)).toEqual(ids);
  });

  test('is left alone from the stop on; a failure is in the log and stops nobody', async () => {
    const clientId = await addUser();
    const following = follow();
    await following.stop();
    expect(listening).toBe(false);
    const failing = followDirectory({
      model: environment.deps.model,
      rows: environment.store,
      security: environment.deps.security,
      log,
      find() {
        throw new Error('no directory');
      },
      onChange: () => () => undefined,
    });
    await failing.stop();
    expect(log.lines).toMatchObject([{ level: 'error', fields: { error: 'Error: no directory' } }]);
    expect(objectIdOf(clientId)).toBeDefined();
  });
});
