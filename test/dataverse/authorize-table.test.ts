import { beforeAll, describe, expect, test } from 'vitest';
import type { ApplicationUser } from '../../src/dataverse/application-user.ts';
import { authorizeTable } from '../../src/dataverse/authorize-table.ts';
import { decisionToRefusal } from '../../src/dataverse/decision-to-refusal.ts';
import { type ClientId, namedGuid, newGuid } from '../../src/kernel/ids.ts';
import { type PrivilegeDepth, privilegeIdOf } from '../../src/metadata/privileges.ts';
import type { Operation } from '../../src/odata/operation.ts';
import type { Query } from '../../src/odata/query.ts';
import {
  bind,
  column,
  create,
  expand,
  link,
  list,
  lookup,
  message,
  navigation,
  query,
  remove,
  retrieve,
  TestEnvironment,
  through,
  update,
  upsert,
  values,
} from './support.ts';

const candidate = 'mshr_hcmcandidatetohireentity';
const request = 'mshr_hcmrecruitingrequestentity';
const id = namedGuid('some row');
let environment: TestEnvironment;

beforeAll(async () => {
  environment = await TestEnvironment.open();
});

const toRequest = 'mshr_FK_RecruitingRequest_id';
const always = { kind: 'always' } as const;

/** Names of privileges as they stand in a role, without `prv`. */
const role = (...names: readonly string[]): Readonly<Record<string, PrivilegeDepth>> =>
  Object.fromEntries(names.map((name) => [`prv${name}`, 'global']));

async function missingOf(names: readonly string[], operation: Operation): Promise<string | undefined> {
  const user = await environment.userWith(role(...names));
  const decision = authorizeTable(environment.deps.security.current, user, operation);
  return decision.kind === 'allow' ? undefined : decision.missing?.name.slice(3);
}

describe('an operation needs', () => {
  const cases: readonly { name: string; operation: () => Operation; needs: readonly string[] }[] = [
    { name: 'Read to retrieve a row', operation: () => retrieve(candidate, id), needs: [`Read${candidate}`] },
    { name: 'Read to list rows', operation: () => list(candidate), needs: [`Read${candidate}`] },
    {
      name: 'Read to count rows',
      operation: () => ({ kind: 'count', query: query(candidate) }),
      needs: [`Read${candidate}`],
    },
    {
      name: 'Read of both tables to expand',
      operation: () => list(candidate, { expand: [expand(candidate, toRequest)] }),
      needs: [`Read${candidate}`, `Read${request}`],
    },
    {
      name: 'Read of both tables to filter through a lookup, however deep the condition is',
      operation: () =>
        list(candidate, {
          where: { kind: 'not', of: { kind: 'or', of: [always, through(candidate, toRequest, always)] } },
        }),
      needs: [`Read${candidate}`, `Read${request}`],
    },
    {
      name: 'Read of both tables to follow a navigation property',
      operation: () => ({
        kind: 'retrieveRelated',
        id,
        navigation: navigation(candidate, toRequest),
        query: query(request),
      }),
      needs: [`Read${candidate}`, `Read${request}`],
    },
    { name: 'Create to create', operation: () => create(candidate), needs: [`Create${candidate}`] },
    {
      name: 'Create, Append, AppendTo and Read of the target to create with a bind',
      operation: () => create(candidate, {}, [bind(candidate, toRequest, id)]),
      needs: [`Create${candidate}`, `Append${candidate}`, `AppendTo${request}`, `Read${request}`],
    },
    {
      name: 'the same without Read when it is nested with the row it points to',
      operation: () => ({ ...create(candidate), joins: [{ navigation: lookup(candidate, toRequest), id }] }),
      needs: [`Create${candidate}`, `Append${candidate}`, `AppendTo${request}`],
    },
    {
      name: 'the same when the lookup came as a value',
      operation: () => ({
        ...create(candidate),
        values: new Map([[lookup(candidate, toRequest).column, id]]),
      }),
      needs: [`Create${candidate}`, `Append${candidate}`, `AppendTo${request}`, `Read${request}`],
    },
    {
      name: 'Read besides to see what was created',
      operation: () => ({ ...create(candidate), representation: query(candidate) }),
      needs: [`Create${candidate}`, `Read${candidate}`],
    },
    { name: 'Write to update', operation: () => update(candidate, id), needs: [`Write${candidate}`] },
    {
      name: 'no more than Write to clear a lookup',
      operation: () => update(candidate, id, {}, [bind(candidate, toRequest, null)]),
      needs: [`Write${candidate}`],
    },
    {
      name: 'Write for a PATCH that may create, where the row is there',
      operation: () => upsert(candidate, id),
      needs: [`Write${candidate}`],
    },
    {
      name: 'Create alone for a PATCH that must not update',
      operation: () => ({ ...upsert(candidate, id), mayUpdate: false }),
      needs: [`Create${candidate}`],
    },
    { name: 'Delete to delete', operation: () => remove(candidate, id), needs: [`Delete${candidate}`] },
    {
      name: 'Write, Append, AppendTo and Read to set a lookup by $ref',
      operation: () => link('associate', candidate, id, toRequest, id),
      needs: [`Write${candidate}`, `Append${candidate}`, `AppendTo${request}`, `Read${request}`],
    },
    {
      name: 'rights on the table that holds the lookup to link by a collection',
      operation: () => link('associate', 'businessunit', id, 'business_unit_system_users', id),
      needs: ['WriteUser', 'AppendUser', 'AppendToBusinessUnit', 'ReadBusinessUnit'],
    },
    {
      name: 'Read of both and prvAssignRole to give a role',
      operation: () => link('associate', 'systemuser', id, 'systemuserroles_association', id),
      needs: ['ReadUser', 'ReadRole', 'AssignRole'],
    },
    {
      name: 'the same from the side of the role',
      operation: () => link('disassociate', 'role', id, 'systemuserroles_association', id),
      needs: ['ReadUser', 'ReadRole', 'AssignRole'],
    },
    {
      name: 'Read and Write of the role to change its privileges',
      operation: () => message('AddPrivilegesRole', {}, { table: 'role', id }),
      needs: ['ReadRole', 'WriteRole'],
    },
    {
      name: 'a role, whichever, to read the list of privileges',
      operation: () => list('privilege'),
      needs: [],
    },
    { name: 'nothing for WhoAmI', operation: () => message('WhoAmI'), needs: [] },
  ];

  test.each(cases)('$name', async ({ operation, needs }) => {
    expect(await missingOf(needs, operation())).toBeUndefined();
    for (const lacking of needs) {
      const others = needs.filter((name) => name !== lacking);
      expect(await missingOf([...others, 'ReadTeam'], operation())).toBe(lacking);
    }
  });

  test('the first privilege that is missing is named, in the order of the checks', async () => {
    const operation = create(candidate, {}, [bind(candidate, toRequest, id)]);
    expect(await missingOf(['ReadTeam'], operation)).toBe(`Create${candidate}`);
  });
});

describe('a decision', () => {
  test('says the whole long message of a missing privilege', async () => {
    const user = await environment.userWith(role('ReadTeam', `Read${candidate}`));
    const decision = authorizeTable(environment.deps.security.current, user, retrieve('mshr_hcmjobentity', id));
    if (decision.kind !== 'deny') throw new Error('allowed');
    const all = environment.deps.security.current.index.size;
    expect(decision.lacks).toBe('privilege');
    expect(decision.problem).toEqual({
      status: 403,
      code: '0x80040220',
      message:
        `Principal user (Id=${user.id}, type=8, roleCount=1, privilegeCount=2, accessMode='4 Non-interactive', ` +
        `AADObjectId=${user.objectId}, MetadataCachePrivilegesCount=${all}, businessUnitId=${user.businessUnitId}), ` +
        `is missing prvReadmshr_hcmjobentity privilege (Id=${privilegeIdOf('prvReadmshr_hcmjobentity')}) ` +
        `on OTC=${environment.deps.model.table.get('mshr_hcmjobentity')?.objectTypeCode} for entity 'mshr_hcmjobentity' ` +
        `(LocalizedName='${environment.deps.model.table.get('mshr_hcmjobentity')?.label}'). context.Caller=${user.id}. ` +
        'Consider adding missing privilege to one of the principal (user/team) roles.',
    });
    const refusal = decisionToRefusal(decision);
    expect(refusal.stage).toBe('table');
    expect(refusal.problem).toBe(decision.problem);
  });

  test.each([
    { name: 'a virtual table', operation: () => retrieve(candidate, id), privilege: `prvRead${candidate}` },
    { name: 'a native table', operation: () => create('systemuser'), privilege: 'prvCreateUser' },
    { name: 'the list of privileges', operation: () => list('privilege'), privilege: 'prvReadPrivilege' },
    {
      name: 'a message',
      operation: () => message('RetrieveRolePrivilegesRole'),
      privilege: 'prvReadRole',
    },
  ])('tells a user without any role so, for $name', async ({ operation, privilege }) => {
    const user = await roleless();
    const decision = authorizeTable(environment.deps.security.current, user, operation());
    expect(decision).toMatchObject({
      kind: 'deny',
      lacks: 'role',
      problem: {
        status: 403,
        code: '0x80042f09',
        message: `RetrievePrivilegeForUser: The user with id ${user.id} has not been assigned any roles. They need a role with the ${privilege} privilege.`,
      },
    });
  });

  test.each([
    { name: 'Write alone grants an update alone', names: [`Write${candidate}`], mayCreate: false },
    { name: 'Write and Create grant both', names: [`Write${candidate}`, `Create${candidate}`], mayCreate: true },
  ])('of a PATCH that may create, $name', async ({ names, mayCreate }) => {
    const user = await environment.userWith(role(...names));
    const decision = authorizeTable(environment.deps.security.current, user, upsert(candidate, id));
    const granted = decision.kind === 'allow' && decision.grant.operation;
    expect(granted && granted.kind === 'update' && granted.mayCreate).toBe(mayCreate);
  });

  test('lets a user without any role ask WhoAmI', async () => {
    expect(authorizeTable(environment.deps.security.current, await roleless(), message('WhoAmI')).kind).toBe('allow');
  });

  test('refuses what no privilege exists for, even to a System Administrator', () => {
    const decision = authorizeTable(environment.deps.security.current, environment.admin, create('privilege'));
    expect(decision).toMatchObject({ kind: 'deny', lacks: 'right', problem: { status: 403, code: '0x80040220' } });
  });

  test('allows a System Administrator every right on every table of the Web API', () => {
    const { current } = environment.deps.security;
    for (const { table, accessRight } of current.index.privileges) {
      if (table === undefined || accessRight === undefined) continue;
      const operations: Partial<Record<string, Operation>> = {
        read: list(table.logicalName),
        create: { kind: 'create', table, values: values(table.logicalName, {}), binds: [] },
        delete: remove(table.logicalName, id),
        write: update(table.logicalName, id),
      };
      const operation = operations[accessRight];
      if (operation !== undefined) expect(authorizeTable(current, environment.admin, operation).kind).toBe('allow');
    }
  });

  test('says because of which roles it allows, and only those', async () => {
    const user = await environment.userWith(role(`Read${candidate}`));
    const other = await environment.putRole('gives the request', role(`Read${request}`));
    await environment.assign(user.id, other);
    await environment.assign(user.id, await environment.putRole('gives nothing of use', role('ReadTeam')));
    await environment.deps.security.refresh();
    const now = environment.user(user.clientId ?? newGuid<ClientId>());
    const operation = list(candidate, { expand: [expand(candidate, toRequest)] });
    const decision = authorizeTable(environment.deps.security.current, now, operation);
    if (decision.kind === 'deny') throw new Error('denied');
    expect(decision.because).toHaveLength(2);
    expect(decision.because).toContain(other);
  });

  test('leaves out optional expands that the user may not read, nested ones too, and nothing else', async () => {
    const user = await environment.userWith(role(`Read${candidate}`, 'ReadUser', 'ReadRole'));
    const nested: Query = query('systemuser', [], { expand: [expand('systemuser', 'businessunitid', true)] });
    const operation = list(candidate, { expand: [expand(candidate, toRequest, true)] });
    const pruned = granted(user, operation);
    expect(pruned).toMatchObject({ query: { expand: [] } });
    const inner = granted(user, {
      ...list('role'),
      query: query('role', [], {
        expand: [{ navigation: navigation('role', 'systemuserroles_association'), query: nested }],
      }),
    } as Operation);
    expect(inner).toMatchObject({ query: { expand: [{ query: { expand: [] } }] } });
    const whole = list('systemuser');
    expect(granted(user, whole)).toBe(whole);
  });
});

function granted(user: ApplicationUser, operation: Operation): Operation {
  const decision = authorizeTable(environment.deps.security.current, user, operation);
  if (decision.kind === 'deny') throw new Error(decision.problem.message);
  return decision.grant.operation;
}

async function roleless(): Promise<ApplicationUser> {
  const clientId = newGuid<ClientId>();
  await environment.putUser(clientId);
  await environment.deps.security.refresh();
  return environment.user(clientId);
}

describe('the rows of a grant', () => {
  test.each([
    { name: 'Global', depth: 'global', units: undefined },
    { name: 'Deep', depth: 'deep', units: ['own', 'child', 'grandchild'] },
    { name: 'Local', depth: 'local', units: ['own'] },
    { name: 'Basic, which no row of a unit meets,', depth: 'basic', units: [] },
  ] as const)('at $name depth are those of the units reached', async ({ depth, units }) => {
    const own = await environment.putUnit(`own ${depth}`);
    const child = await environment.putUnit(`child ${depth}`, own);
    const grandchild = await environment.putUnit(`grandchild ${depth}`, child);
    const user = await environment.userWith({ prvReadUser: depth }, own);
    const decision = authorizeTable(environment.deps.security.current, user, list('systemuser'));
    if (decision.kind === 'deny') throw new Error(decision.problem.message);
    const ids = { own, child, grandchild };
    expect(decision.grant.filterOf(column('systemuser', 'systemuserid').table)).toEqual(
      units === undefined
        ? undefined
        : { kind: 'in', column: column('systemuser', 'businessunitid'), values: units.map((name) => ids[name]) },
    );
  });

  test('are none on a table that was not granted', async () => {
    const user = await environment.userWith({ prvReadUser: 'global' });
    const decision = authorizeTable(environment.deps.security.current, user, list('systemuser'));
    if (decision.kind === 'deny') throw new Error(decision.problem.message);
    expect(decision.grant.filterOf(column('role', 'roleid').table)).toEqual({ kind: 'never' });
    expect(decision.grant.filterOf(column('systemuser', 'fullname').table, 'delete')).toEqual({ kind: 'never' });
  });

  test("reach from a team's unit with the team's roles", async () => {
    const [own, elsewhere] = [await environment.putUnit('team own'), await environment.putUnit('team elsewhere')];
    const user = await environment.userWith({ prvReadRole: 'local' }, own);
    const team = await environment.put('team', { name: 'T', businessunitid: elsewhere, teamtype: 0, isdefault: false });
    await environment.put('teammembership', { teamid: team, systemuserid: user.id });
    const roleId = await environment.putRole('of the team', { prvReadUser: 'local' }, elsewhere);
    await environment.put('teamroles', { teamid: team, roleid: roleId });
    await environment.deps.security.refresh();
    const now = environment.user(user.clientId ?? newGuid<ClientId>());
    const decision = authorizeTable(environment.deps.security.current, now, list('systemuser'));
    if (decision.kind === 'deny') throw new Error(decision.problem.message);
    expect(decision.grant.filterOf(column('systemuser', 'fullname').table)).toMatchObject({ values: [elsewhere] });
  });
});
