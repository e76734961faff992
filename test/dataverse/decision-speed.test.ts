import { expect, test } from 'vitest';
import type { ApplicationUser, SecurityRole } from '../../src/dataverse/application-user.ts';
import { authorizeTable } from '../../src/dataverse/authorize-table.ts';
import { depthNumbers, PrivilegeIndex } from '../../src/dataverse/privilege-index.ts';
import { SecurityRoles } from '../../src/dataverse/security-roles.ts';
import { DataverseSnapshot } from '../../src/dataverse/snapshot.ts';
import {
  type BusinessUnitId,
  type ClientId,
  newGuid,
  type SecurityRoleId,
  type SystemUserId,
} from '../../src/kernel/ids.ts';
import { bind, create, expand, list, model } from './support.ts';

const candidate = 'mshr_hcmcandidatetohireentity';
const userCount = 5000;
const rounds = 200_000;

/** Thousands of users, each with three of hundreds of roles that hold 400 privileges. */
function largeSnapshot(): DataverseSnapshot {
  const index = new PrivilegeIndex(model);
  const unit = { id: newGuid<BusinessUnitId>(), name: 'root', parentId: undefined, isDisabled: false };
  const roles = Array.from({ length: 300 }, (): SecurityRole => {
    const depths = new Uint8Array(index.size).fill(depthNumbers.global, 0, 400);
    const id = newGuid<SecurityRoleId>();
    return { id, name: 'r', businessUnitId: unit.id, rootId: id, templateId: undefined, isTeamOnly: false, depths };
  });
  const users = Array.from(
    { length: userCount },
    (_, at): ApplicationUser => ({
      id: newGuid<SystemUserId>(),
      clientId: newGuid<ClientId>(),
      objectId: undefined,
      name: 'u',
      accessMode: 4,
      businessUnitId: unit.id,
      isDisabled: false,
      roles: [0, 1, 2].flatMap((each) => {
        const role = roles[(at + each) % roles.length];
        return role === undefined ? [] : [{ role, businessUnitId: unit.id }];
      }),
      roleIds: [],
      teams: [],
      profileIds: [],
      isSystemAdministrator: false,
    }),
  );
  return new DataverseSnapshot({
    model,
    index,
    businessUnits: new Map([[unit.id, unit]]),
    roles: SecurityRoles.of(roles),
    teams: new Map(),
    users: new Map(users.map((user) => [user.id, user])),
    usersByClientId: new Map(users.flatMap((user) => (user.clientId ? [[user.clientId, user]] : []))),
  });
}

test('the time of a decision among thousands of users is printed', () => {
  const snapshot = largeSnapshot();
  const users = [...snapshot.users.values()];
  const operations = {
    list: list(candidate),
    expand: list(candidate, { expand: [expand(candidate, 'mshr_FK_RecruitingRequest_id')] }),
    'create with a bind': create(candidate, {}, [bind(candidate, 'mshr_FK_RecruitingRequest_id', newGuid())]),
  };
  for (const user of users) snapshot.depthsOf(user);
  for (const [name, operation] of Object.entries(operations)) {
    let allowed = 0;
    const start = process.hrtime.bigint();
    for (let round = 0; round < rounds; round++) {
      const user = users[round % userCount];
      if (user !== undefined && authorizeTable(snapshot, user, operation).kind === 'allow') allowed += 1;
    }
    const nanoseconds = Number(process.hrtime.bigint() - start) / rounds;
    console.log(`first gate, ${name}: ${nanoseconds.toFixed(0)} ns`);
    expect(allowed).toBe(rounds);
  }
});
