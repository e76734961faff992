import { beforeEach, describe, expect, test } from 'vitest';
import type { ApplicationUser } from '../../src/dataverse/application-user.ts';
import { authorizeTable } from '../../src/dataverse/authorize-table.ts';
import { type ImpersonatedUser, impersonate } from '../../src/dataverse/impersonate.ts';
import { rowFilter } from '../../src/dataverse/row-filter.ts';
import { type ClientId, type Guid, namedGuid, newGuid } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import type { PrivilegeDepth } from '../../src/metadata/privileges.ts';
import { list, TestEnvironment, table } from './support.ts';

const actOnBehalf = { prvActOnBehalfOfAnotherUser: 'global' } as const;
const candidates = 'mshr_hcmcandidatetohireentity';

let environment: TestEnvironment;

beforeEach(async () => {
  environment = await TestEnvironment.open();
});

const byId = (id: Guid): ImpersonatedUser => ({ kind: 'userId', id });
const act = (actor: ApplicationUser, asked: ImpersonatedUser): ApplicationUser =>
  impersonate(environment.deps.security.current, environment.user(actor.clientId as ClientId), asked);

function problemOf(job: () => unknown): unknown {
  try {
    job();
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
  return undefined;
}

describe('who may act in another user’s name', () => {
  test('is a System Administrator, and who holds the privilege for it', async () => {
    const target = await environment.userWith({ prvReadUser: 'global' });
    const delegate = await environment.userWith(actOnBehalf);
    for (const actor of [environment.admin, delegate]) {
      expect(act(actor, byId(target.id))).toMatchObject({ id: target.id, impersonation: { actor: { id: actor.id } } });
      expect(act(actor, { kind: 'objectId', id: target.objectId as Guid })).toMatchObject({ id: target.id });
    }
  });

  test('is nobody else, not even for a user who is not there', async () => {
    const [actor, target] = [await environment.userWith({ prvReadUser: 'global' }), await environment.userWith({})];
    for (const id of [target.id, newGuid()]) {
      expect(problemOf(() => act(actor, byId(id)))).toEqual({
        status: 403,
        code: '0x8004a110',
        message: 'User does not have the privilege to act on behalf another user.',
      });
    }
  });

  test('asks as themselves by their own id, which needs no privilege', async () => {
    const actor = await environment.userWith({});
    expect(act(actor, byId(actor.id)).impersonation).toBeUndefined();
    expect(act(actor, { kind: 'objectId', id: actor.objectId as Guid }).impersonation).toBeUndefined();
  });

  test.each([
    {
      name: 'an unknown user id',
      asked: async () => byId(namedGuid('nobody')),
      problem: {
        status: 404,
        code: '0x80040217',
        message: `Entity 'systemuser' With Id = ${namedGuid('nobody')} Does Not Exist`,
      },
    },
    {
      name: 'an unknown object id',
      asked: async (): Promise<ImpersonatedUser> => ({ kind: 'objectId', id: namedGuid('nobody') }),
      problem: { status: 403, code: '0x80072560', message: 'The user is not a member of the organization.' },
    },
    {
      name: 'a user id where an object id is asked for',
      asked: async (): Promise<ImpersonatedUser> => ({ kind: 'objectId', id: (await environment.userWith({})).id }),
      problem: { status: 403, code: '0x80072560' },
    },
    {
      name: 'a disabled user',
      asked: async () => {
        const id = await environment.putUser(newGuid<ClientId>(), { isdisabled: true });
        await environment.deps.security.refresh();
        return byId(id);
      },
      problem: { status: 403, code: '0x80040225', message: /is disabled/ },
    },
    {
      name: 'a user of a disabled business unit',
      asked: async () => {
        const values = { name: 'Stengt', parentbusinessunitid: environment.base.rootBusinessUnitId, isdisabled: true };
        const unit = await environment.put('businessunit', values);
        const id = await environment.putUser(newGuid<ClientId>(), { businessunitid: unit });
        await environment.deps.security.refresh();
        return byId(id);
      },
      problem: { status: 403, code: '0x80040225', message: /not a member of any business unit/ },
    },
  ])('$name is refused', async ({ asked, problem }) => {
    const found = await asked();
    const { message = '', ...rest } = problem;
    const refused = problemOf(() => act(environment.admin, found));
    expect(refused).toMatchObject(rest);
    expect((refused as { message: string }).message).toMatch(message);
  });
});

describe('what is done in another user’s name', () => {
  type Rights = Readonly<Record<string, PrivilegeDepth>>;
  const read = `prvRead${candidates}`;

  test.each<{ name: string; actor: Rights; target: Rights; allowed: boolean; missingOf?: 'actor' | 'target' }>([
    { name: 'both hold the privilege', actor: { [read]: 'global' }, target: { [read]: 'global' }, allowed: true },
    {
      name: 'the actor alone holds it',
      actor: { [read]: 'global' },
      target: { prvReadUser: 'local' },
      allowed: false,
      missingOf: 'target',
    },
    { name: 'the target alone holds it', actor: {}, target: { [read]: 'global' }, allowed: false, missingOf: 'actor' },
    { name: 'neither holds it', actor: {}, target: { prvReadUser: 'local' }, allowed: false, missingOf: 'target' },
  ])('is decided by both: $name', async ({ actor, target, allowed, missingOf }) => {
    const users = {
      actor: await environment.userWith({ ...actOnBehalf, ...actor }),
      target: await environment.userWith(target),
    };
    const asker = act(users.actor, byId(users.target.id));
    const decision = authorizeTable(environment.deps.security.current, asker, list(candidates));
    expect(decision.kind).toBe(allowed ? 'allow' : 'deny');
    if (decision.kind === 'allow' || missingOf === undefined) return;
    expect(decision.problem).toMatchObject({ status: 403, code: '0x80040220' });
    expect(decision.problem.message).toMatch(
      new RegExp(`^Principal user \\(Id=${users[missingOf].id}, .*${read} privilege`),
    );
    expect(decision.problem.message).toContain(`context.Caller=${users.target.id}.`);
  });

  test('has no full power unless both have it', async () => {
    const target = await environment.userWith({ prvReadUser: 'global' });
    const asker = act(environment.admin, byId(target.id));
    expect(asker.isSystemAdministrator).toBe(false);
    expect(authorizeTable(environment.deps.security.current, asker, list(candidates)).kind).toBe('deny');
    expect(authorizeTable(environment.deps.security.current, asker, list('systemuser')).kind).toBe('allow');
  });

  test('needs a role of the target', async () => {
    const id = await environment.putUser(newGuid<ClientId>());
    await environment.deps.security.refresh();
    const asker = act(environment.admin, byId(id));
    const decision = authorizeTable(environment.deps.security.current, asker, list(candidates));
    expect(decision).toMatchObject({ kind: 'deny', lacks: 'role', problem: { status: 403, code: '0x80042f09' } });
  });

  test('reaches rows that both reach', async () => {
    const [here, there] = [await environment.putUnit('Her'), await environment.putUnit('Der')];
    const target = await environment.userWith({ prvReadUser: 'local' }, here);
    const { current } = environment.deps.security;
    const filterFor = async (depth: PrivilegeDepth, unit: Guid) => {
      const actor = await environment.userWith({ ...actOnBehalf, prvReadUser: depth }, unit);
      return rowFilter(environment.deps.security.current, act(actor, byId(target.id)), table('systemuser'), 'read');
    };
    const inUnit = (unit: Guid) => ({ kind: 'in', values: [unit] });
    expect(current.index.size).toBeGreaterThan(0);
    expect(await filterFor('global', there)).toMatchObject(inUnit(here));
    expect(await filterFor('local', there)).toMatchObject({ kind: 'and', of: [inUnit(here), inUnit(there)] });
  });

  test('is the same value each time while the security data stay', async () => {
    const target = await environment.userWith({});
    expect(act(environment.admin, byId(target.id))).toBe(act(environment.admin, byId(target.id)));
  });
});
