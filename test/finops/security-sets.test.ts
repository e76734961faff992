import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStores } from '../support/open-stores.ts';
import { FinopsWorld, infologOf } from './finops-world.ts';

const role = (identifier: string) => ({ SecurityRoleIdentifier: identifier, SecurityRoleName: identifier });
const policy = {
  SecurityPolicyIdentifier: 'Own',
  SecurityPolicyName: 'Own',
  PrimaryEntityName: 'HcmCandidateToHireEntity',
  PolicyQuery: "mshr_lastname eq 'Berg'",
  ContextString: 'HcmRecruiter',
};
const candidate = 'hcmcandidatetohireentity';

// The store in memory has no patterns.
const engines = openStores.filter(({ name }) => name !== 'memory');

describe.each(engines)('sets of security on $name', ({ open }) => {
  let world: FinopsWorld;
  beforeAll(async () => {
    world = await FinopsWorld.open(open);
    await world.make('SecurityRoles', role('Parent'), role('Child'), role('Grandchild'));
    await world.make(
      'SecurityRoleSubRoles',
      { SecurityRoleIdentifier: 'Parent', SubRoleIdentifier: 'Child' },
      { SecurityRoleIdentifier: 'Child', SubRoleIdentifier: 'Grandchild' },
    );
  });
  afterAll(() => world.opened.close());

  describe('documents and options of queries', () => {
    test('the service document lists the sets', async () => {
      const { status, body } = await world.send('GET', '/');
      expect(status).toBe(200);
      expect(body['@odata.context']).toBe('https://localhost:8443/data/$metadata');
      expect(body.value).toContainEqual({ name: 'SystemUsers', kind: 'EntitySet', url: 'SystemUsers' });
    });

    test('$metadata describes each set by the key that addresses its rows, and no internal id', async () => {
      const { status, body } = await world.send('GET', '/$metadata');
      expect(status).toBe(200);
      expect(body).toContain('<Schema Namespace="Microsoft.Dynamics.DataEntities"');
      expect(body).toContain(
        '<EntitySet Name="SysAADClients" EntityType="Microsoft.Dynamics.DataEntities.SysAADClient" />',
      );
      expect(body).toMatch(
        /<EntityType Name="SecurityUserRoleAssociation">\s*<Key>\s*<PropertyRef Name="UserId" \/>\s*<PropertyRef Name="SecurityRoleIdentifier" \/>\s*<\/Key>/,
      );
      expect(body).toContain('<Property Name="Enabled" Type="Edm.Boolean" Nullable="false" />');
      expect(body).not.toContain('rowid');
    });

    const names = async (query: string) => {
      const { body } = await world.send('GET', `/SecurityRoles?$select=SecurityRoleIdentifier&${query}`);
      return body.value.map((row: Record<string, string>) => row['SecurityRoleIdentifier']);
    };

    test('$skip passes over rows, with and without $top', async () => {
      const all = await names('$orderby=SecurityRoleIdentifier');
      expect(await names('$orderby=SecurityRoleIdentifier&$skip=3')).toEqual(all.slice(3));
      expect(await names('$orderby=SecurityRoleIdentifier&$skip=2&$top=2')).toEqual(all.slice(2, 4));
      expect((await world.send('GET', '/SecurityRoles?$skip=-1')).status).toBe(400);
    });

    test('asterisks stand for any text', async () => {
      expect((await names(`$filter=${encodeURIComponent("SecurityRoleIdentifier eq '*child'")}`)).sort()).toEqual([
        'Child',
        'Grandchild',
      ]);
      expect(await names(`$filter=${encodeURIComponent("SecurityRoleIdentifier eq 'Grand*'")}`)).toEqual([
        'Grandchild',
      ]);
      expect(
        await names(
          `$filter=${encodeURIComponent("SecurityRoleIdentifier eq '*child' and SecurityRoleIdentifier ne '*grand*'")}`,
        ),
      ).toEqual(['Child']);
    });

    test('the number of rows is asked for as $count and as a path', async () => {
      const { body } = await world.send('GET', '/SecurityPrivilegePermissions?$count=true&$top=0');
      expect(body['@odata.count']).toBeGreaterThan(80);
      const path = await world.send('GET', '/SecurityPrivilegePermissions/$count');
      expect(path).toEqual({ status: 200, body: String(body['@odata.count']) });
      const filtered = `/SecurityRoles/$count?$filter=${encodeURIComponent("SecurityRoleIdentifier eq '*child'")}`;
      expect((await world.send('GET', filtered)).body).toBe('2');
    });

    test('the company is passed over in a key that has none, and is the key of what belongs to one', async () => {
      const company = { DataAreaId: 'no01', RequestWorkflow: 'Yes' };
      expect((await world.send('POST', '/RecruitingParameters', company)).status).toBe(201);
      for (const key of ["DataAreaId='no01'", "'no01'"]) {
        expect(await world.send('GET', `/RecruitingParameters(${key})`)).toMatchObject({ status: 200, body: company });
      }
      expect((await world.send('GET', "/RecruitingParameters(DataAreaId='no02')")).status).toBe(404);
    });

    test('cross-company is taken: security is the same in all legal entities', async () => {
      const path = "/SecurityRoles(dataAreaId='usmf',SecurityRoleIdentifier='Parent')?cross-company=true";
      expect((await world.send('GET', path)).body).toMatchObject(role('Parent'));
    });
  });

  test('a role has what the roles inside it have, however deep', async () => {
    await world.make('SecurityRoleDuties', {
      SecurityRoleIdentifier: 'Grandchild',
      SecurityDutyIdentifier: 'HcmSkillInquire',
    });
    const held = world.security.current.roles.get('parent')?.privileges ?? [];
    expect(held.map(({ childRole, privilege }) => [childRole, privilege])).toContainEqual([
      'Grandchild',
      'HcmSkillEntityView',
    ]);
  });

  test.each<{ name: string; set: string; row: object; error: string }>([
    {
      name: 'a role inside itself',
      set: 'SecurityRoleSubRoles',
      row: { SecurityRoleIdentifier: 'Parent', SubRoleIdentifier: 'parent' },
      error: "Error: Role 'parent' cannot be inside itself.",
    },
    {
      name: 'a role inside one that is inside it',
      set: 'SecurityRoleSubRoles',
      row: { SecurityRoleIdentifier: 'Grandchild', SubRoleIdentifier: 'Parent' },
      error: "Error: Role 'Parent' cannot be inside itself.",
    },
    {
      name: 'a policy whose query names no column',
      set: 'SecurityPolicies',
      row: { ...policy, PolicyQuery: 'mshr_shoesize eq 43' },
      error:
        "Error: Field 'PolicyQuery' is not valid: Could not find a property named 'mshr_shoesize' on type 'Microsoft.Dynamics.CRM.mshr_hcmcandidatetohireentity'.",
    },
    {
      name: 'a policy that asks for the time',
      set: 'SecurityPolicies',
      row: { ...policy, PolicyQuery: "Microsoft.Dynamics.CRM.Today(PropertyName='mshr_birthdate')" },
      error: "Error: Field 'PolicyQuery' is not valid: the query must not ask for the time or for the caller",
    },
    {
      name: 'a policy for a role that is not there',
      set: 'SecurityPolicies',
      row: { ...policy, ContextString: 'Nobody' },
      error: "Error: Field 'ContextString' names no security role: 'Nobody'.",
    },
    {
      name: 'a policy on nothing',
      set: 'SecurityPolicies',
      row: { ...policy, PrimaryEntityName: 'SomethingEntity' },
      error: "Error: Field 'PrimaryEntityName' names no data entity: 'SomethingEntity'.",
    },
    {
      name: 'a policy without a context',
      set: 'SecurityPolicies',
      row: { ...policy, ContextString: '' },
      error: "Error: Field 'ContextString' must be filled in.",
    },
    {
      name: 'an entity that no way leads from',
      set: 'SecurityPolicyConstrainedEntities',
      row: { SecurityPolicyIdentifier: 'Ways', SecurableName: 'hcmskillentity', RelationPath: '' },
      error: `Error: Field 'RelationPath' is not valid: the way leads to hcmskillentity, not to ${candidate}`,
    },
    {
      name: 'a way that there is not',
      set: 'SecurityPolicyConstrainedEntities',
      row: { SecurityPolicyIdentifier: 'Ways', SecurableName: 'DirPersonEntity', RelationPath: 'mshr_FK_Home' },
      error: "Error: Field 'RelationPath' is not valid: dirpersonentity has no navigation property 'mshr_FK_Home'",
    },
    {
      name: 'a rule about one duty',
      set: 'SegregationOfDutiesRules',
      row: { RuleName: 'R', FirstDutyIdentifier: 'HcmSkillInquire', SecondDutyIdentifier: 'hcmskillinquire' },
      error: "Error: Field 'SecondDutyIdentifier' must name another duty than 'FirstDutyIdentifier'.",
    },
    {
      name: 'a conflict that somebody makes',
      set: 'SystemSegregationOfDutiesConflicts',
      row: { UserId: 'Admin', RuleName: 'R', ExistingRoleIdentifier: 'a', NewRoleIdentifier: 'b' },
      error: 'Error: Conflicts are found when a role is assigned.',
    },
  ])('$name is refused', async ({ set, row, error }) => {
    const known = { ...policy, SecurityPolicyIdentifier: 'Ways' };
    await world.send('POST', '/SecurityPolicies', known);
    const answer = await world.send('POST', `/${set}`, row);
    expect([answer.status, infologOf(answer)]).toEqual([400, error]);
  });

  test('a policy is in force with the answer, and goes with its entities', async () => {
    await world.make('SecurityPolicies', policy);
    await world.make('SecurityPolicyConstrainedEntities', {
      SecurityPolicyIdentifier: 'Own',
      SecurableName: 'HcmCandidateToHireEntity',
    });
    const find = () => world.security.current.policies.find(({ identifier }) => identifier === 'Own');
    expect(find()).toMatchObject({
      primary: candidate,
      contextString: 'hcmrecruiter',
      constrained: [{ entity: candidate, path: '' }],
    });
    const moved = await world.send('PATCH', "/SecurityPolicies('Own')", { PrimaryEntityName: 'DirPersonEntity' });
    expect(infologOf(moved)).toBe(
      `Error: Field 'PrimaryEntityName' is not valid: the way leads to ${candidate}, not to dirpersonentity`,
    );
    expect((await world.send('DELETE', "/SecurityRoles('HcmRecruiter')")).status).toBe(400);
    expect((await world.send('PATCH', "/SecurityPolicies('Own')", { Enabled: false })).status).toBe(204);
    expect(find()).toBeUndefined();
    expect((await world.send('DELETE', "/SecurityPolicies('Own')")).status).toBe(204);
    const rows = await world.send('GET', '/SecurityPolicyConstrainedEntities');
    expect(rows.body.value).toEqual([]);
  });

  test('breaking a segregation rule is reported at assignment, allowed with a reason, or denied', async () => {
    await world.user('Per');
    await world.make('SegregationOfDutiesRules', {
      RuleName: 'Skills',
      FirstDutyIdentifier: 'HcmSkillMaintain',
      SecondDutyIdentifier: 'HcmRecruitingIntegrationMaintain',
      Severity: 'high',
      SecurityRisk: 'Invented skills',
      ValidFrom: '2026-01-01T00:00:00Z',
    });
    const assign = (identifier: string) =>
      world.make('SecurityUserRoleAssociations', { UserId: 'Per', SecurityRoleIdentifier: identifier });
    await assign('HcmRecruiter');
    const conflicts = async () => (await world.send('GET', '/SystemSegregationOfDutiesConflicts')).body.value;
    expect(await conflicts()).toEqual([]);
    await assign('HcmRecruitingIntegrator');
    const [conflict] = await conflicts();
    expect(conflict).toMatchObject({
      UserId: 'Per',
      RuleName: 'Skills',
      ExistingRoleIdentifier: 'HcmRecruiter',
      NewRoleIdentifier: 'HcmRecruitingIntegrator',
      Resolution: 'Unresolved',
      ValidFrom: '2026-01-01T00:00:00Z',
    });
    const held = () =>
      world.security.current
        .findUser('Per')
        ?.roles.map((each) => each.role.identifier)
        .sort();
    expect(held()).toEqual(['HcmRecruiter', 'HcmRecruitingIntegrator', 'SYSTEMUSER']);
    const key =
      "/SystemSegregationOfDutiesConflicts(UserId='Per',RuleName='Skills',ExistingRoleIdentifier='HcmRecruiter',NewRoleIdentifier='HcmRecruitingIntegrator')";
    const bare = await world.send('PATCH', key, { Resolution: 'Allowed' });
    expect(infologOf(bare)).toBe("Error: Field 'OverrideReason' must be filled in.");
    expect((await world.send('PATCH', key, { Resolution: 'Allowed', OverrideReason: 'two people look' })).status).toBe(
      204,
    );
    expect(held()).toHaveLength(3);
    expect((await world.send('PATCH', key, { Resolution: 'denied' })).status).toBe(204);
    expect(held()).toEqual(['HcmRecruiter', 'SYSTEMUSER']);
    expect((await world.send('DELETE', "/SystemUsers('Per')")).status).toBe(204);
    expect(await conflicts()).toEqual([]);
  });

  test('a rule that is not valid yet, or any more, is not reported', async () => {
    await world.user('Ola');
    const duties = { FirstDutyIdentifier: 'HcmSkillInquire', SecondDutyIdentifier: 'HcmSkillMaintain' };
    await world.make(
      'SegregationOfDutiesRules',
      { RuleName: 'Past', ...duties, ValidTo: '2026-05-31T00:00:00Z' },
      { RuleName: 'Future', ...duties, ValidFrom: '2026-06-02T00:00:00Z' },
    );
    await world.make('SecurityUserRoleAssociations', { UserId: 'Ola', SecurityRoleIdentifier: 'HcmRecruiter' });
    expect((await world.send('GET', '/SystemSegregationOfDutiesConflicts')).body.value).toEqual([]);
  });

  test('a user has the fields of the product, and numbers and texts are told apart', async () => {
    const preferences = { AutoLogOff: 30, PreferredTimeZone: 'GMT+1', StartPage: 'DefaultDashboard', TelemetryId: 'x' };
    await world.make('SystemUsers', {
      ...preferences,
      UserID: 'RekrutteringIntegrasjon',
      UserName: 'RekrutteringIntegrasjon',
      UserInfo_language: 'nb-no',
      Helplanguage: 'nb-no',
    });
    const { body } = await world.send('GET', "/SystemUsers('RekrutteringIntegrasjon')");
    expect(body).toMatchObject({ ...preferences, Enabled: true, AccountType: 'ClaimsUser' });
    const wrong = await world.send('PATCH', "/SystemUsers('RekrutteringIntegrasjon')", { AutoLogOff: '30' });
    expect(infologOf(wrong)).toBe("Cannot convert the value of property 'AutoLogOff' to the type 'Edm.Int32'.");
  });
});
