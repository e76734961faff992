import { describe, expect, test } from 'vitest';
import { caught } from '../odata/parse-request.ts';
import { apiRoot, builtIn, get, list } from './ask.ts';

const role = "EntityDefinitions(LogicalName='role')";
const request = "EntityDefinitions(LogicalName='mshr_hcmrecruitingrequestentity')";
const cast = (name: string) => `Microsoft.Dynamics.CRM.${name}`;
const names = (url: string, property = 'LogicalName') => list(url).map((each) => each[property]);

describe('tables', () => {
  test('all are listed, intersects too, administration tables not', () => {
    const found = names('EntityDefinitions?$select=LogicalName');
    const wanted = builtIn.tables.filter(({ kind }) => kind === 'virtual' || kind === 'native');
    expect(found).toEqual(wanted.map(({ logicalName }) => logicalName));
    expect(found).toContain('systemuserroles');
  });

  test('a virtual table says so', () => {
    expect(get(request).body).toMatchObject({
      '@odata.context': `${apiRoot}$metadata#EntityDefinitions('mshr_hcmrecruitingrequestentity')/$entity`,
      LogicalName: 'mshr_hcmrecruitingrequestentity',
      SchemaName: 'mshr_HcmRecruitingRequestEntity',
      EntitySetName: 'mshr_hcmrecruitingrequestentities',
      TableType: 'Virtual',
      OwnershipType: 'OrganizationOwned',
      DataProviderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      PrimaryIdAttribute: 'mshr_hcmrecruitingrequestentityid',
      PrimaryNameAttribute: 'mshr_recruitingrequestid',
      IsCustomEntity: true,
      IsManaged: true,
      IsOptimisticConcurrencyEnabled: false,
      ChangeTrackingEnabled: false,
      IsAuditEnabled: { Value: false, CanBeChanged: false, ManagedPropertyLogicalName: 'canmodifyauditsettings' },
    });
  });

  test('the name and the id lead to the same table, and the id is always given', () => {
    const byName = get(`${role}?$select=ObjectTypeCode`).body;
    expect(byName).toEqual({
      '@odata.context': expect.stringContaining('(ObjectTypeCode)/$entity'),
      ObjectTypeCode: 1036,
      MetadataId: expect.any(String),
    });
    expect(get(`EntityDefinitions(${byName?.['MetadataId']})`).body).toMatchObject({ LogicalName: 'role' });
  });

  test('privileges come by name, id and depth', () => {
    const { body } = get(`${request}?$select=Privileges`);
    expect(body?.['Privileges']).toContainEqual({
      CanBeBasic: false,
      CanBeDeep: false,
      CanBeEntityReference: false,
      CanBeGlobal: true,
      CanBeLocal: false,
      CanBeParentEntityReference: false,
      Name: 'prvReadmshr_hcmrecruitingrequestentity',
      PrivilegeId: expect.any(String),
      PrivilegeType: 'Read',
    });
    expect(body?.['Privileges']).toHaveLength(6);
    expect(get(`${request}/Privileges`).body?.['value']).toEqual(body?.['Privileges']);
  });

  test('every id is there once', () => {
    const ids = [
      ...names('EntityDefinitions', 'MetadataId'),
      ...names('RelationshipDefinitions', 'MetadataId'),
      ...names('GlobalOptionSetDefinitions', 'MetadataId'),
      ...list('EntityDefinitions?$select=MetadataId&$expand=Attributes($select=MetadataId)').flatMap((table) =>
        (table['Attributes'] as { MetadataId: string }[]).map(({ MetadataId }) => MetadataId),
      ),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('columns', () => {
  test('each has the type that its values have', () => {
    const types = new Map(
      list(`${request}/Attributes`).map((each) => [each['LogicalName'], [each['@odata.type'], each['AttributeType']]]),
    );
    expect(types.get('mshr_status')).toEqual([`#${cast('PicklistAttributeMetadata')}`, 'Picklist']);
    expect(types.get('mshr_fk_job_id')).toEqual([`#${cast('LookupAttributeMetadata')}`, 'Lookup']);
    expect(types.get('mshr_recruitingrequestid')).toEqual([`#${cast('StringAttributeMetadata')}`, 'String']);
    expect(types.get('mshr_hcmrecruitingrequestentityid')).toEqual([
      `#${cast('UniqueIdentifierAttributeMetadata')}`,
      'Uniqueidentifier',
    ]);
  });

  test.each([
    ['PicklistAttributeMetadata', 'Picklist'],
    ['LookupAttributeMetadata', 'Lookup'],
    ['StringAttributeMetadata', 'String'],
    ['DecimalAttributeMetadata', 'Decimal'],
    ['DateTimeAttributeMetadata', 'DateTime'],
    ['MemoAttributeMetadata', 'Memo'],
  ])('a cast to %s leaves the columns of that type', (type, code) => {
    const found = list(`${request}/Attributes/${cast(type)}`);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((each) => each['AttributeType']))).toEqual(new Set([code]));
    expect(found.every((each) => !('@odata.type' in each))).toBe(true);
  });

  test('a cast to a type that no column has gives none', () => {
    expect(list(`${request}/Attributes/${cast('MoneyAttributeMetadata')}?$select=LogicalName,Precision`)).toEqual([]);
  });

  test('a lookup names its target', () => {
    const url = `${request}/Attributes(LogicalName='mshr_fk_job_id')/${cast('LookupAttributeMetadata')}`;
    expect(get(`${url}?$select=Targets,SchemaName`).body).toMatchObject({
      Targets: ['mshr_hcmjobentity'],
      SchemaName: 'mshr_FK_Job_id',
    });
  });

  test('options come with the column, by expand and by path, in both languages', () => {
    const column = `${request}/Attributes(LogicalName='mshr_status')/${cast('PicklistAttributeMetadata')}`;
    const { body } = get(`${column}?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet`);
    const optionSet = body?.['OptionSet'] as { Options: { Value: number; Label: { LocalizedLabels: object[] } }[] };
    const options = optionSet.Options;
    expect(options.map(({ Value }) => Value)).toEqual([0, 1, 2, 3, 4, 5, 6].map((at) => 200_000_000 + at));
    expect(options[5]?.Label.LocalizedLabels).toMatchObject([
      { Label: 'Active', LanguageCode: 1033 },
      { Label: 'Aktiv', LanguageCode: 1044 },
    ]);
    expect(body?.['GlobalOptionSet']).toMatchObject({ Name: 'mshr_hcmrecruitingrequeststatus', IsGlobal: true });
    expect(get(`${column}/OptionSet?$select=Options`).body).toEqual({
      '@odata.context': expect.stringContaining('/OptionSet(Options)/$entity'),
      Options: options,
      MetadataId: expect.any(String),
    });
  });

  test('a local choice has no global one, and a yes/no column has two options', () => {
    const local = get(
      `${role}/Attributes(LogicalName='isinherited')/${cast('PicklistAttributeMetadata')}?$expand=OptionSet,GlobalOptionSet`,
    );
    expect(local.body).toMatchObject({
      OptionSet: { Name: 'role_isinherited', IsGlobal: false },
      GlobalOptionSet: null,
    });
    const user = "EntityDefinitions(LogicalName='systemuser')/Attributes(LogicalName='isdisabled')";
    expect(get(`${user}/${cast('BooleanAttributeMetadata')}/OptionSet`).body).toMatchObject({
      TrueOption: { Value: 1, Label: { UserLocalizedLabel: { Label: 'Yes' } } },
      FalseOption: { Value: 0, Label: { UserLocalizedLabel: { Label: 'No' } } },
    });
  });

  test('a hidden column is not there', () => {
    const hidden = builtIn.tables.flatMap((table) => table.columns.filter((column) => column.hidden === true));
    const shown = new Set(
      list('EntityDefinitions?$expand=Attributes($select=LogicalName,EntityLogicalName)').flatMap((table) =>
        (table['Attributes'] as Record<string, string>[]).map(
          (each) => `${each['EntityLogicalName']}.${each['LogicalName']}`,
        ),
      ),
    );
    expect(hidden.filter((column) => shown.has(`${column.table.logicalName}.${column.name}`))).toEqual([]);
  });

  test('every column and every table of the Web API has a Norwegian label', () => {
    const without = list(
      'EntityDefinitions?$select=LogicalName,DisplayName&$expand=Attributes($select=LogicalName,DisplayName)',
    )
      .flatMap((table) => [table, ...(table['Attributes'] as Record<string, unknown>[])])
      .filter((each) => (each['DisplayName'] as { LocalizedLabels: unknown[] }).LocalizedLabels.length < 2);
    expect(without.map((each) => each['LogicalName'])).toEqual([]);
  });
});

describe('languages', () => {
  const labels = (query: string) => {
    const label = get(`${role}/DisplayName${query}`).body as {
      LocalizedLabels: { LanguageCode: number }[];
      UserLocalizedLabel: { Label: string };
    };
    return [label.LocalizedLabels.map(({ LanguageCode }) => LanguageCode), label.UserLocalizedLabel.Label];
  };

  test.each([
    ['', [1033, 1044]],
    ['?LabelLanguages=1044', [1044]],
    ['?LabelLanguages=1033,1044', [1033, 1044]],
    ['?LabelLanguages=1036', []],
  ])('%s gives labels in %j, and the user keeps their own', (query, languages) => {
    expect(labels(query)).toEqual([languages, 'Security Role']);
  });

  test('labels inside complex values are narrowed too', () => {
    const url = "GlobalOptionSetDefinitions(Name='mshr_noyes')?LabelLanguages=1044";
    expect(JSON.stringify(get(url).body?.['Options'])).not.toContain('"LocalizedLabels":[{"Label":"No"');
    expect(JSON.stringify(get(url).body?.['Options'])).toContain('Nei');
  });
});

describe('relationships', () => {
  test('a lookup is one, seen from both of its tables', () => {
    const wanted = {
      SchemaName: 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest',
      ReferencedEntity: 'mshr_hcmrecruitingrequestentity',
      ReferencedAttribute: 'mshr_hcmrecruitingrequestentityid',
      ReferencingEntity: 'mshr_hcmcandidatetohireentity',
      ReferencingAttribute: 'mshr_fk_recruitingrequest_id',
      ReferencingEntityNavigationPropertyName: 'mshr_FK_RecruitingRequest_id',
      ReferencedEntityNavigationPropertyName: 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest',
    };
    const filter = "$filter=SchemaName eq 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest'";
    const candidate = "EntityDefinitions(LogicalName='mshr_hcmcandidatetohireentity')";
    expect(list(`${request}/OneToManyRelationships?${filter}`)).toMatchObject([wanted]);
    expect(list(`${candidate}/ManyToOneRelationships?${filter}`)).toMatchObject([wanted]);
    expect(get(`RelationshipDefinitions(SchemaName='${wanted.SchemaName}')`).body).toMatchObject({
      ...wanted,
      '@odata.type': `#${cast('OneToManyRelationshipMetadata')}`,
    });
  });

  test('names are there once', () => {
    const found = names('RelationshipDefinitions?$select=SchemaName', 'SchemaName');
    expect(new Set(found).size).toBe(found.length);
  });

  test('tables joined through a third one are a relationship of their own', () => {
    expect(list(`${role}/ManyToManyRelationships?$select=SchemaName,IntersectEntityName`)).toMatchObject([
      { IntersectEntityName: 'systemuserroles' },
      { IntersectEntityName: 'roleprivileges' },
      { IntersectEntityName: 'teamroles' },
    ]);
  });

  test('a cast lets properties of the kind be filtered by', () => {
    const url = `RelationshipDefinitions/${cast('OneToManyRelationshipMetadata')}?$select=SchemaName&$filter=ReferencedEntity eq 'businessunit'`;
    expect(names(url, 'SchemaName')).toContain('business_unit_system_users');
    expect(caught(() => get("RelationshipDefinitions?$filter=ReferencedEntity eq 'role'"))).toBe(
      "400 0x80060888 Could not find a property named 'ReferencedEntity' on type 'Microsoft.Dynamics.CRM.RelationshipMetadataBase'.",
    );
  });
});

describe('keys', () => {
  const job = "EntityDefinitions(LogicalName='mshr_hcmjobentity')/Keys";

  test('a business key of one text column is listed, and it is said that the real product does not', () => {
    const { body, differs } = get(job);
    expect(body?.['value']).toMatchObject([{ KeyAttributes: ['mshr_jobid'], EntityKeyIndexStatus: 'Active' }]);
    expect(differs).toBe('virtual-key');
  });

  test('not under strict', () => {
    expect(get(job, { fidelity: 'strict' })).toMatchObject({ body: { value: [] }, differs: undefined });
  });
});

describe('choices', () => {
  test('global ones are listed, local ones not', () => {
    const found = names('GlobalOptionSetDefinitions?$select=Name', 'Name');
    expect(found).toContain('mshr_noyes');
    expect(found).not.toContain('systemuser_accessmode');
  });

  test.each([["(Name='mshr_noyes')"], [`(Name='mshr_noyes')/${cast('OptionSetMetadata')}`]])(
    '%s has its options',
    (key) => {
      expect(get(`GlobalOptionSetDefinitions${key}`).body).toMatchObject({
        Name: 'mshr_noyes',
        Options: [{ Value: 200000000 }, { Value: 200000001 }],
      });
    },
  );
});

describe('$filter', () => {
  test.each([
    ["LogicalName eq 'role'", ['role']],
    ["LogicalName eq 'role' or LogicalName eq 'team'", ['role', 'team']],
    [
      "OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'BusinessOwned' and LogicalName ne 'team' and IsManaged eq true",
      ['businessunit', 'systemuser', 'role'],
    ],
    ['ObjectTypeCode gt 1000 and ObjectTypeCode le 1019', ['organization']],
    ['CanCreateAttributes/Value eq true', []],
    ["not (TableType eq 'Virtual') and IsIntersect and ObjectTypeCode lt 20", ['systemuserroles', 'roleprivileges']],
    ["DataProviderId ne null and LogicalName eq 'role'", []],
  ])('%s', (filter, found) => {
    expect(names(`EntityDefinitions?$select=LogicalName&$filter=${encodeURIComponent(filter)}`)).toEqual(found);
  });

  test('a required level is reached through its complex value', () => {
    const filter = "RequiredLevel/Value eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'SystemRequired'";
    expect(names(`${role}/Attributes?$select=LogicalName&$filter=${filter}`)).toContain('roleid');
  });

  test('inside an expand it leaves columns out', () => {
    const filter = "AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist'";
    const { body } = get(`${role}?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=${filter})`);
    expect(body?.['Attributes']).toMatchObject([{ LogicalName: 'isinherited' }]);
  });
});

describe('an expand', () => {
  test('may be cast and nested', () => {
    const { body, needs } = get(
      `${role}?$select=LogicalName&$expand=Attributes/${cast('PicklistAttributeMetadata')}($select=LogicalName;$expand=OptionSet($select=Name)),Keys`,
    );
    expect(body).toMatchObject({
      Attributes: [{ LogicalName: 'isinherited', OptionSet: { Name: 'role_isinherited' } }],
      Keys: [],
    });
    expect(needs).toEqual(['Attribute', 'Entity', 'OptionSet']);
  });
});

describe('what must be readable', () => {
  test.each([
    ['EntityDefinitions', ['Entity']],
    [`${role}/Keys`, ['Entity']],
    [`${role}/Attributes`, ['Attribute', 'Entity']],
    [`${role}/ManyToOneRelationships`, ['Entity', 'Relationship']],
    ['RelationshipDefinitions', ['Relationship']],
    ['GlobalOptionSetDefinitions', ['OptionSet']],
    [`${role}?$expand=Attributes`, ['Attribute', 'Entity']],
  ])('%s needs the right to read %j', (url, needs) => {
    expect(get(url).needs).toEqual(needs);
  });
});

describe('refusals', () => {
  test.each([
    [
      "EntityDefinitions(LogicalName='nobody')",
      "404 0x80041102 The entity with a name = 'nobody' with namemapping = 'Logical' was not found in the MetadataCache.",
    ],
    [
      'EntityDefinitions(00000000-0000-0000-0000-000000000001)',
      "404 0x80041102 The entity with a name = '00000000-0000-0000-0000-000000000001' with namemapping = 'Logical' was not found in the MetadataCache.",
    ],
    [
      `${role}/Attributes(LogicalName='nothing')`,
      "404 0x80041103 'role' entity doesn't contain attribute with Name = 'nothing' and NameMapping = 'Logical'.",
    ],
    [
      "GlobalOptionSetDefinitions(Name='nothing')",
      '404 0x80040217 Could not find OptionSetMetadataBase with Name = nothing.',
    ],
    [
      "RelationshipDefinitions(SchemaName='nothing')",
      '404 0x80040217 Could not find RelationshipMetadataBase with SchemaName = nothing.',
    ],
    [
      `${role}/Attributes(LogicalName='name')/${cast('PicklistAttributeMetadata')}`,
      "404 0x8006088a Resource not found for the segment 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata'.",
    ],
    [
      `${role}/Attributes/${cast('NoAttributeMetadata')}`,
      "404 0x8006088a Resource not found for the segment 'Microsoft.Dynamics.CRM.NoAttributeMetadata'.",
    ],
    [
      `${role}/Attributes/${cast('OptionSetMetadata')}`,
      "404 0x8006088a Resource not found for the segment 'Microsoft.Dynamics.CRM.OptionSetMetadata'.",
    ],
    [`${role}/Nothing`, "404 0x8006088a Resource not found for the segment 'Nothing'."],
    [
      `${role}/DisplayName/UserLocalizedLabel`,
      "404 0x8006088a Resource not found for the segment 'UserLocalizedLabel'.",
    ],
    ['EntityDefinitions/Attributes', "404 0x8006088a Resource not found for the segment 'Attributes'."],
    [
      "EntityDefinitions(SchemaName='Role')",
      "400 0x80060888 'EntityDefinitions(SchemaName='Role')' is not a key: a MetadataId or a name such as LogicalName='x' is expected.",
    ],
    [
      "EntityDefinitions('role')",
      "400 0x80060888 'EntityDefinitions('role')' is not a key: a MetadataId or a name such as LogicalName='x' is expected.",
    ],
    ['EntityDefinitions?$top=1', "400 0x80060888 The query option '$top' is not supported for metadata entities."],
    [
      'EntityDefinitions?$orderby=LogicalName',
      "400 0x80060888 The query option '$orderby' is not supported for metadata entities.",
    ],
    [
      'EntityDefinitions?$count=true',
      "400 0x80060888 The query option '$count' is not supported for metadata entities.",
    ],
    [
      "GlobalOptionSetDefinitions?$filter=Name eq 'x'",
      "400 0x80060888 The query option '$filter' is not supported for metadata entities.",
    ],
    [
      `${role}?$filter=LogicalName eq 'role'`,
      "400 0x80060888 The query option '$filter' is not supported for metadata entities.",
    ],
    [
      "EntityDefinitions?$filter=startswith(LogicalName,'m')",
      '400 0x80060888 The "startswith" function isn\'t supported for Metadata Entities.',
    ],
    [
      "EntityDefinitions?$filter=DisplayName/UserLocalizedLabel/Label eq 'Role'",
      "400 0x80060888 Could not find a property named 'DisplayName/UserLocalizedLabel/Label' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.",
    ],
    [
      'EntityDefinitions?$filter=IsAuditEnabled eq true',
      "400 0x80060888 The property 'IsAuditEnabled' of type 'BooleanManagedProperty' cannot be compared: name a primitive member of it, such as 'IsAuditEnabled/Value'.",
    ],
    [
      "EntityDefinitions?$filter=OwnershipType eq 'UserOwned'",
      "400 0x80060888 A binary operator with incompatible types was detected. Found operand types 'Microsoft.Dynamics.CRM.OwnershipTypes' and 'Edm.string' for operator kind 'eq'.",
    ],
    [
      "EntityDefinitions?$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'Nobody'",
      "400 0x80060888 The string 'Nobody' is not a valid enumeration value of type 'Microsoft.Dynamics.CRM.OwnershipTypes'.",
    ],
    [
      'EntityDefinitions?$filter=ObjectTypeCode eq true',
      "400 0x80060888 A binary operator with incompatible types was detected. Found operand types 'Edm.Int32' and 'Edm.boolean' for operator kind 'eq'.",
    ],
    [
      'EntityDefinitions?$select=Nothing',
      "400 0x80060888 Could not find a property named 'Nothing' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.",
    ],
    [
      `${role}/Attributes?$select=MaxLength`,
      "400 0x80060888 Could not find a property named 'MaxLength' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
    ],
    [
      `${role}/Attributes?$expand=OptionSet`,
      "400 0x80060888 Could not find a property named 'OptionSet' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'.",
    ],
    [
      'EntityDefinitions?$expand=Attributes($top=1)',
      "400 0x80060888 The query option '$top' is not supported for metadata entities.",
    ],
    [
      `EntityDefinitions?$expand=${Array.from({ length: 16 }, () => 'Keys').join(',')}`,
      '400 0x80060888 the request has more than 15 expanded navigation properties, the most that is accepted',
    ],
    ['EntityDefinitions?LabelLanguages=nb', "400 0x80040203 'nb' is no list of language codes such as 1033,1044."],
    [
      `EntityDefinitions?$filter=${Array.from({ length: 101 }, () => 'IsManaged eq true').join(' and ')}`,
      '400 0x80060888 the request has more than 100 conditions in $filter, the most that is accepted',
    ],
  ])('%s', (url, refusal) => {
    expect(caught(() => get(url))).toBe(refusal);
  });
});
