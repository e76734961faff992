import { describe, expect, test } from 'vitest';
import {
  deleteOption,
  insertOption,
  insertStatus,
  orderOptions,
  updateOption,
  updateState,
} from '../../../src/definitions/change/choices.ts';
import { DefinitionBody } from '../../../src/definitions/change/definition-body.ts';
import { customizedModel, parseCustomization, storeCustomization } from '../../../src/metadata/customization.ts';
import { metadataXml } from '../../../src/odata/csdl.ts';
import { caught } from '../../odata/parse-request.ts';
import { get } from '../ask.ts';
import {
  account,
  accounts,
  apply,
  bank,
  banks,
  colors,
  type InForce,
  label,
  lookup,
  nameColumn,
  sample,
  typed,
  untouched,
} from './apply.ts';

const column = (type: string, more: object = {}) => ({
  '@odata.type': typed(`${type}AttributeMetadata`),
  SchemaName: 'new_Column',
  DisplayName: label('Column', 'Kolonne'),
  ...more,
});

describe('a new table', () => {
  test('has its own columns and those that the system keeps', () => {
    const { model, created } = apply('POST EntityDefinitions', account);
    const table = model.table.get('new_account');
    expect(table?.columns.map(({ name }) => name)).toEqual([
      'new_accountid',
      'new_name',
      'createdon',
      'modifiedon',
      'createdby',
      'modifiedby',
      'createdonbehalfby',
      'modifiedonbehalfby',
      'ownerid',
      'owningbusinessunit',
      'owninguser',
      'owningteam',
      'statecode',
      'statuscode',
      'versionnumber',
    ]);
    expect(table).toMatchObject({ entitySetName: 'new_accounts', ownership: 'user', kind: 'native', custom: true });
    expect(created).toMatch(/^EntityDefinitions\([0-9a-f-]{36}\)$/);
  });

  test('of the organization has no owner', () => {
    const names = apply('POST EntityDefinitions', bank)
      .model.table.get('new_bank')
      ?.columns.map(({ name }) => name);
    expect(names).toContain('organizationid');
    expect(names).not.toContain('ownerid');
  });

  test('reads back as it was sent, in both languages', () => {
    const { model } = apply('POST EntityDefinitions', account);
    expect(get(accounts, { model }).body).toMatchObject({
      SchemaName: 'new_Account',
      OwnershipType: 'UserOwned',
      IsCustomEntity: true,
      IsManaged: false,
      TableType: 'Standard',
      IsStateModelAware: true,
      PrimaryNameAttribute: 'new_name',
      CanCreateAttributes: { Value: true },
      DisplayName: { LocalizedLabels: [{ Label: 'Account' }, { Label: 'Konto' }] },
      DisplayCollectionName: { LocalizedLabels: [{ Label: 'Accounts' }, { Label: 'Kontoer' }] },
    });
  });

  test('stands in $metadata', () => {
    expect(metadataXml(sample().model)).toContain('<EntitySet Name="new_accounts"');
  });

  test('is the same after it was stored', () => {
    const { customization } = sample();
    const again = parseCustomization(storeCustomization(customization));
    expect(again).toEqual(customization);
    expect(customizedModel(again).table.has('new_bank')).toBe(true);
  });

  test('leaves the model that it was made from as it was', () => {
    const before = untouched.model.tables.length;
    apply('POST EntityDefinitions', account);
    expect(untouched.model.tables.length).toBe(before);
  });

  const refusal = (more: object) => caught(() => apply('POST EntityDefinitions', { ...account, ...more }));

  test.each([
    [
      'no prefix',
      { SchemaName: 'Account' },
      /^400 0x80040203 Schema name 'Account' is invalid: it must be a customization prefix/,
    ],
    ['a quote', { SchemaName: 'new_a"; drop table role; --' }, /^400 0x80040203 Schema name .* is invalid/],
    ['two underscores', { SchemaName: 'new_a__eq' }, /^400 0x80040203 Schema name/],
    ['a letter that is not ASCII', { SchemaName: 'new_Ærlig' }, /^400 0x80040203 Schema name/],
    ['the prefix of the product', { SchemaName: 'mshr_Account' }, /belongs to another publisher/],
    ['a prefix that begins with mscrm', { SchemaName: 'mscrmx_Account' }, /belongs to another publisher/],
    ['a name that is too long', { SchemaName: `new_${'a'.repeat(47)}` }, /longer than 50 characters/],
    ['no name', { SchemaName: null }, /^400 0x80048d19 .*'EntityDefinitions\/SchemaName' must be given/],
    ['a name that is no text', { SchemaName: 5 }, /^400 0x80048d19 .*must be a string/],
    [
      'no label in the base language',
      { DisplayName: label(undefined, 'Konto') },
      /must have a label in the base language 1033/,
    ],
    [
      'a label in another language',
      { DisplayName: { LocalizedLabels: [{ Label: 'x', LanguageCode: 1036 }] } },
      /language 1036 is not provisioned/,
    ],
    ['labels that are no labels', { DisplayName: 'Account' }, /^400 0x80048d19 .*must be an object/],
    ['a label of 501 characters', { DisplayName: label('x'.repeat(501)) }, /more than 500 characters/],
    ['no plural', { DisplayCollectionName: null }, /DisplayCollectionName' must have a label/],
    ['no primary name', { Attributes: [{ ...nameColumn, IsPrimaryName: false }] }, /^400 0x8004701e/],
    ['two primary names', { Attributes: [nameColumn, { ...nameColumn, SchemaName: 'new_Other' }] }, /^400 0x8004701e/],
    [
      'a primary name that is a number',
      { Attributes: [{ ...column('Integer'), IsPrimaryName: true }] },
      /^400 0x8004701e/,
    ],
    ['a column twice', { Attributes: [nameColumn, { ...nameColumn, IsPrimaryName: false }] }, /^400 0x80047013/],
    [
      'a column with the name of the key',
      { Attributes: [nameColumn, { ...column('Integer'), SchemaName: 'new_AccountId' }] },
      /^400 0x80047013/,
    ],
    [
      'business ownership',
      { OwnershipType: 'BusinessOwned' },
      /^501 0x80040315 the ownership 'BusinessOwned' is not implemented/,
    ],
    [
      'activities',
      { HasActivities: true },
      /^400 0x80040203 'HasActivities' of EntityMetadata cannot be true: here it is false/,
    ],
    ['auditing', { IsAuditEnabled: { Value: true } }, /'IsAuditEnabled' of EntityMetadata cannot be/],
    ['a property that there is not', { Nothing: 1 }, /^400 0x80048d19 .*Invalid property 'Nothing'/],
    ['a member of objects', { __proto__: null, constructor: 1 }, /^400 0x80048d19 .*Invalid property 'constructor'/],
  ])('with %s is refused', (_what, more, says) => {
    expect(refusal(more)).toMatch(says);
  });

  test('a name that is taken is refused, whatever its capitals', () => {
    const before = sample();
    expect(caught(() => apply('POST EntityDefinitions', { ...bank, SchemaName: 'NEW_bank' }, before))).toMatch(
      /^400 0x8004700b/,
    );
    expect(
      caught(() =>
        apply('POST EntityDefinitions', { ...bank, SchemaName: 'new_x', EntitySetName: 'new_banks' }, before),
      ),
    ).toMatch(/^400 0x8004700b/);
  });

  test.each([['[]'], ['5'], ['{'], ['{"SchemaName":"a","SchemaName":"b"}']])('the body %s is refused', (body) => {
    expect(caught(() => apply('POST EntityDefinitions', body))).toMatch(/^400 0x80048d19/);
  });
});

describe('a new column', () => {
  const add = (body: object, before: InForce = sample()) => apply(`POST ${banks}/Attributes`, body, before);
  const made = (body: object) => {
    const { model } = add(body);
    const cast = (body as { '@odata.type': string })['@odata.type'];
    return get(`${banks}/Attributes(LogicalName='new_column')/${cast}`, { model }).body;
  };

  test.each([
    [
      'String',
      { MaxLength: 200, FormatName: { Value: 'Email' } },
      { AttributeType: 'String', MaxLength: 200, FormatName: { Value: 'Email' } },
    ],
    ['Memo', { MaxLength: 5000 }, { AttributeType: 'Memo', MaxLength: 5000 }],
    ['Integer', { MinValue: 0, MaxValue: 10 }, { AttributeType: 'Integer', MinValue: 0, MaxValue: 10 }],
    ['BigInt', {}, { AttributeType: 'BigInt' }],
    [
      'Decimal',
      { Precision: 3, MinValue: 0, MaxValue: 99.5 },
      { AttributeType: 'Decimal', Precision: 3, MaxValue: 99.5 },
    ],
    ['Double', { Precision: 2 }, { AttributeType: 'Double', Precision: 2 }],
    ['Money', { Precision: 2 }, { AttributeType: 'Money', AttributeTypeName: { Value: 'MoneyType' } }],
    ['Boolean', { DefaultValue: true }, { AttributeType: 'Boolean', DefaultValue: true }],
    [
      'DateTime',
      { Format: 'DateOnly' },
      { AttributeType: 'DateTime', Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } },
    ],
    [
      'DateTime',
      { DateTimeBehavior: { Value: 'TimeZoneIndependent' } },
      { Format: 'DateAndTime', DateTimeBehavior: { Value: 'TimeZoneIndependent' } },
    ],
    [
      'Picklist',
      { OptionSet: { Options: [{ Value: 5, Label: label('Five') }] }, DefaultFormValue: 5 },
      { AttributeType: 'Picklist', DefaultFormValue: 5 },
    ],
    [
      'Picklist',
      { 'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='new_colors')" },
      { AttributeType: 'Picklist' },
    ],
    [
      'String',
      { RequiredLevel: { Value: 'ApplicationRequired' } },
      { RequiredLevel: { Value: 'ApplicationRequired' }, IsRequiredForForm: true },
    ],
  ])('of the type %s with %j reads back', (type, more, expected) => {
    expect(made(column(type, more))).toMatchObject({
      ...expected,
      SchemaName: 'new_Column',
      IsCustomAttribute: true,
      IsManaged: false,
    });
  });

  test('may have a thousand options, and no more', () => {
    const options = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ Value: at, Label: label(`o${at}`) }));
    expect(
      add(column('Picklist', { OptionSet: { Options: options(1000) } })).model.choice.get('new_bank_new_column')
        ?.options,
    ).toHaveLength(1000);
    expect(caught(() => add(column('Picklist', { OptionSet: { Options: options(1001) } })))).toMatch(
      /more than 1000 options/,
    );
  });

  test('may have any letters in its labels', () => {
    const text = 'Ærlig "talt" <b> 🎉';
    expect(made(column('Integer', { DisplayName: label(text) }))).toMatchObject({
      DisplayName: { UserLocalizedLabel: { Label: text } },
    });
  });

  test.each([
    ['a type that is not built', column('File'), /^501 0x80040315 a column of the type 'FileAttributeMetadata'/],
    ['a lookup', column('Lookup'), /^501 0x80040315/],
    ['no type', { SchemaName: 'new_x', DisplayName: label('x') }, /^501 0x80040315/],
    ['a type of objects', { ...column('String'), '@odata.type': 'constructor' }, /^501 0x80040315/],
    ['a length of 0', column('String', { MaxLength: 0 }), /MaxLength must be from 1 to 4000/],
    ['a length of 4001', column('String', { MaxLength: 4001 }), /MaxLength must be from 1 to 4000/],
    ['an upside-down range', column('Integer', { MinValue: 5, MaxValue: 4 }), /the first not above the second/],
    ['a range beyond 32 bits', column('Integer', { MaxValue: 2 ** 31 }), /32-bit whole numbers/],
    ['11 digits', column('Decimal', { Precision: 11 }), /Precision must be from 0 to 10/],
    [
      'a default that is no option',
      column('Picklist', { OptionSet: { Options: [] }, DefaultFormValue: 1 }),
      /^400 0x80040203/,
    ],
    [
      'options with the same value',
      column('Picklist', {
        OptionSet: {
          Options: [
            { Value: 1, Label: label('a') },
            { Value: 1, Label: label('b') },
          ],
        },
      }),
      /^400 0x80047010/,
    ],
    [
      'an option below 0',
      column('Picklist', { OptionSet: { Options: [{ Value: -1, Label: label('a') }] } }),
      /^400 0x80061005/,
    ],
    ['no options at all', column('Picklist'), /needs OptionSet, or GlobalOptionSet@odata.bind/],
    [
      'a choice that there is not',
      column('Picklist', { 'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='nothing')" }),
      /^404 0x80040217/,
    ],
    [
      'a local choice of another column',
      column('Picklist', { 'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='role_isinherited')" }),
      /^404 0x80040217/,
    ],
    [
      'a formula',
      column('Integer', { FormulaDefinition: 'x' }),
      /'FormulaDefinition' of IntegerAttributeMetadata cannot be/,
    ],
    [
      'the wrong type beside it',
      column('Integer', { AttributeType: 'String' }),
      /'AttributeType' of IntegerAttributeMetadata cannot be "String"/,
    ],
    [
      'a required level that nobody may choose',
      column('Integer', { RequiredLevel: { Value: 'SystemRequired' } }),
      /cannot be chosen/,
    ],
    ['a name that is there', { ...column('Integer'), SchemaName: 'NEW_NAME' }, /^400 0x80047013/],
    ['a primary name', { ...nameColumn, SchemaName: 'new_Second' }, /^400 0x8004701e/],
  ])('with %s is refused', (_what, body, says) => {
    expect(caught(() => add(body))).toMatch(says);
  });

  test("cannot be added to the product's own tables", () => {
    for (const table of ['role', 'mshr_hcmjobentity']) {
      expect(caught(() => apply(`POST EntityDefinitions(LogicalName='${table}')/Attributes`, column('Integer')))).toBe(
        `400 0x80090419 Can't add an attribute to entity '${table}', it's not supported.`,
      );
    }
  });

  test('stops at 400', () => {
    let current: InForce = sample();
    const have = current.model.table.get('new_bank')?.columns.length ?? 0;
    const table = current.customization.tables.find((each) => each.logicalName === 'new_bank');
    const more = Array.from({ length: 400 - have }, (_, at) => ({
      name: `new_c${at}`,
      label: 'x',
      type: 'Integer' as const,
      access: 'read-write' as const,
    }));
    const wide = { ...table, columns: [...(table?.columns ?? []), ...more] } as NonNullable<typeof table>;
    const tables = current.customization.tables.map((each) => (each === table ? wide : each));
    const customization = { ...current.customization, tables };
    current = { customization, model: customizedModel(customization) };
    expect(caught(() => add(column('Integer'), current))).toMatch(/more than 400 columns/);
  });
});

describe('a change', () => {
  const read = (url: string, { model }: InForce) => get(url, { model }).body ?? {};

  test("of a table's names keeps what else was read", () => {
    const before = sample();
    const body = { ...read(banks, before), DisplayName: label('Bank house') };
    const after = apply(`PUT ${banks}`, body, before);
    expect(read(banks, after)).toMatchObject({ DisplayName: { LocalizedLabels: [{ Label: 'Bank house' }] } });
    expect((read(banks, after)['DisplayName'] as { LocalizedLabels: unknown[] }).LocalizedLabels).toHaveLength(1);
  });

  test('with MSCRM.MergeLabels keeps labels in other languages', () => {
    const before = sample();
    const body = { ...read(banks, before), DisplayName: label('Bank house') };
    const after = apply(`PUT ${banks}`, body, before, { 'mscrm.mergelabels': 'true' });
    expect(read(banks, after)).toMatchObject({
      DisplayName: { LocalizedLabels: [{ Label: 'Bank house' }, { Label: 'Bank', LanguageCode: 1044 }] },
    });
  });

  test.each(['role', 'mshr_hcmjobentity'])(
    "of the texts of %s, which is the product's own, is kept beside it",
    (name) => {
      const url = `EntityDefinitions(LogicalName='${name}')`;
      const after = apply(`PUT ${url}`, { ...read(url, untouched), DisplayName: label('Ours', 'Vår') });
      expect(read(url, after)).toMatchObject({
        DisplayName: { UserLocalizedLabel: { Label: 'Ours' } },
        IsManaged: true,
      });
      expect(after.customization.tables).toEqual([]);
      const columns = `${url}/Attributes(LogicalName='${untouched.model.table.get(name)?.columns[1]?.name}')`;
      const renamed = apply(`PUT ${columns}`, { ...read(columns, after), DisplayName: label('Renamed') }, after);
      expect(read(columns, renamed)).toMatchObject({ DisplayName: { UserLocalizedLabel: { Label: 'Renamed' } } });
    },
  );

  test.each([
    ['the logical name', { LogicalName: 'new_other' }, /'LogicalName' of EntityMetadata cannot be "new_other"/],
    ['the owner', { OwnershipType: 'UserOwned' }, /'OwnershipType' of EntityMetadata cannot be "UserOwned"/],
    ['change tracking', { ChangeTrackingEnabled: true }, /'ChangeTrackingEnabled' of EntityMetadata cannot be true/],
  ])('of %s of a table is refused', (_what, more, says) => {
    const before = sample();
    expect(caught(() => apply(`PUT ${banks}`, { ...read(banks, before), ...more }, before))).toMatch(says);
  });

  test("of a column's length and label is kept, and of its type refused", () => {
    const before = sample();
    const url = `${banks}/Attributes(LogicalName='new_name')`;
    const body = { ...read(url, before), MaxLength: 300, DisplayName: label('Full name') };
    const after = apply(`PUT ${url}/${typed('StringAttributeMetadata')}`, body, before);
    expect(read(url, after)).toMatchObject({
      MaxLength: 300,
      DisplayName: { UserLocalizedLabel: { Label: 'Full name' } },
    });
    expect(caught(() => apply(`PUT ${url}`, { ...body, AttributeType: 'Memo' }, before))).toMatch(
      /'AttributeType' of StringAttributeMetadata cannot be "Memo"/,
    );
  });

  test('of the digits of a decimal is not built', () => {
    const before = apply(`POST ${banks}/Attributes`, column('Decimal', { Precision: 2 }), sample());
    const url = `${banks}/Attributes(LogicalName='new_column')`;
    expect(caught(() => apply(`PUT ${url}`, { ...read(url, before), Precision: 4 }, before))).toMatch(
      /^501 0x80040315 another Precision/,
    );
  });
});

describe('a deletion', () => {
  const before = sample();
  test.each([
    [`DELETE ${accounts}`, { retired: [{ table: 'new_account' }] }],
    [
      `DELETE RelationshipDefinitions(SchemaName='new_bank_account')`,
      { retired: [{ table: 'new_account', column: 'new_bankid' }] },
    ],
    [`DELETE GlobalOptionSetDefinitions(Name='new_colors')`, { retired: [] }],
  ])('%s takes away what belongs to it', (request, expected) => {
    expect(apply(request, undefined, before)).toMatchObject(expected);
  });

  test('of a table takes its choices along', () => {
    expect([...apply(`DELETE ${accounts}`, undefined, before).model.choice.keys()]).not.toContain(
      'new_account_statecode',
    );
  });

  test.each([
    [`DELETE ${banks}`, /^400 0x8004f01f .*referenced by 1 other components: Attribute new_account.new_bankid/],
    [`DELETE ${accounts}/Attributes(LogicalName='new_bankid')`, /^400 0x8004f01f .*Relationship new_bank_account/],
    [`DELETE ${accounts}/Attributes(LogicalName='new_name')`, /^400 0x80047009/],
    [`DELETE ${accounts}/Attributes(LogicalName='createdon')`, /^400 0x80047009/],
    [`DELETE ${accounts}/Attributes(LogicalName='new_accountid')`, /^400 0x80047009/],
    [`DELETE EntityDefinitions(LogicalName='role')`, /^400 0x8004f012 You cannot update Entity role/],
    [`DELETE EntityDefinitions(LogicalName='role')/Attributes(LogicalName='name')`, /^400 0x8004f012/],
    [`DELETE RelationshipDefinitions(SchemaName='business_unit_roles')`, /^400 0x8004f012/],
    [`DELETE RelationshipDefinitions(SchemaName='new_account_createdby')`, /^400 0x8004f012/],
    [`DELETE GlobalOptionSetDefinitions(Name='mshr_noyes')`, /^400 0x8004f012/],
    [`DELETE EntityDefinitions(LogicalName='nothing')`, /^404 0x80041102/],
    [`DELETE EntityDefinitions`, /^405 /],
    [`PUT EntityDefinitions`, /^405 /],
    [`POST ${accounts}`, /^405 /],
    [`PUT ${accounts}/Keys`, /^405 /],
    [`DELETE ${accounts}/DisplayName`, /^405 /],
  ])('%s is refused', (request, says) => {
    expect(caught(() => apply(request, request.startsWith('DELETE') ? undefined : {}, before))).toMatch(says);
  });

  test('of a choice that a column uses is refused', () => {
    const used = apply(
      `POST ${banks}/Attributes`,
      column('Picklist', { 'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='new_colors')" }),
      before,
    );
    expect(caught(() => apply("DELETE GlobalOptionSetDefinitions(Name='new_colors')", undefined, used))).toMatch(
      /^400 0x8004f01f .*Attribute new_bank.new_column/,
    );
  });
});

describe('a relationship', () => {
  const before = sample();
  test('is seen from both tables, with a lookup of its own', () => {
    expect(get(`${accounts}/ManyToOneRelationships?$select=SchemaName`, before).body?.['value']).toContainEqual({
      SchemaName: 'new_bank_account',
      MetadataId: expect.any(String),
    });
    expect(before.model.table.get('new_bank')?.navigation.get('new_bank_account')?.kind).toBe('collection');
    expect(before.model.table.get('new_account')?.navigation.get('new_BankId')?.kind).toBe('single');
  });

  test('many to many joins two tables through a third one', () => {
    const body = {
      '@odata.type': typed('ManyToManyRelationshipMetadata'),
      SchemaName: 'new_bank_user',
      Entity1LogicalName: 'new_bank',
      Entity2LogicalName: 'systemuser',
      IntersectEntityName: 'new_bank_user',
    };
    const { model, customization } = apply('POST RelationshipDefinitions', body, before);
    expect(model.table.get('systemuser')?.navigation.get('new_bank_user')?.kind).toBe('manyToMany');
    expect(get("RelationshipDefinitions(SchemaName='new_bank_user')", { model }).body).toMatchObject({
      Entity1IntersectAttribute: 'new_bankid',
      Entity2LogicalName: 'systemuser',
      IntersectEntityName: 'new_bank_user',
    });
    expect(customizedModel(parseCustomization(storeCustomization(customization))).table.has('new_bank_user')).toBe(
      true,
    );
    const deleted = apply("DELETE RelationshipDefinitions(SchemaName='new_bank_user')", undefined, {
      model,
      customization,
    });
    expect(deleted).toMatchObject({ retired: [{ table: 'new_bank_user' }] });
    expect(deleted.model.table.get('systemuser')?.navigation.has('new_bank_user')).toBe(false);
  });

  test.each([
    ['a name that is taken', { SchemaName: 'NEW_bank_account' }, /^400 0x80047010/],
    ['no type', { SchemaName: 'new_x', '@odata.type': null }, /'@odata.type' must be/],
    ['no lookup', { SchemaName: 'new_x', Lookup: null }, /'Lookup' must be given/],
    ['a table that there is not', { SchemaName: 'new_x', ReferencedEntity: 'nothing' }, /There is no table 'nothing'/],
    [
      'a virtual table',
      { SchemaName: 'new_x', ReferencedEntity: 'mshr_hcmjobentity' },
      /^501 0x80040315 a lookup to the virtual table/,
    ],
    ['an administration table', { SchemaName: 'new_x', ReferencedEntity: 'securityroles' }, /There is no table/],
    [
      "the product's own table as the one with the lookup",
      { SchemaName: 'new_x', ReferencingEntity: 'role' },
      /^400 0x80090419/,
    ],
    [
      'cascading deletes',
      {
        SchemaName: 'new_x',
        Lookup: { ...lookup.Lookup, SchemaName: 'new_Other' },
        CascadeConfiguration: { Delete: 'Cascade' },
      },
      /^501 0x80040315 CascadeConfiguration/,
    ],
    [
      'cascading assigns',
      {
        SchemaName: 'new_x',
        Lookup: { ...lookup.Lookup, SchemaName: 'new_Other' },
        CascadeConfiguration: { Assign: 'Cascade' },
      },
      /'CascadeConfiguration' of OneToManyRelationshipMetadata cannot be/,
    ],
    [
      'many to many with a virtual table',
      {
        '@odata.type': typed('ManyToManyRelationshipMetadata'),
        SchemaName: 'new_x',
        Entity1LogicalName: 'new_bank',
        Entity2LogicalName: 'mshr_hcmjobentity',
      },
      /^400 0x80044820/,
    ],
    [
      "many to many of the product's own tables",
      {
        '@odata.type': typed('ManyToManyRelationshipMetadata'),
        SchemaName: 'new_x',
        Entity1LogicalName: 'team',
        Entity2LogicalName: 'role',
      },
      /^501 0x80040315/,
    ],
  ])('with %s is refused', (_what, more, says) => {
    expect(caught(() => apply('POST RelationshipDefinitions', { ...lookup, ...more }, before))).toMatch(says);
  });
});

describe('an alternate key', () => {
  const before = sample();
  const key = { SchemaName: 'new_ByName', DisplayName: label('By name'), KeyAttributes: ['new_name'] };

  test('is listed, kept and taken away', () => {
    const made = apply(`POST ${banks}/Keys`, key, before);
    expect(get(`${banks}/Keys`, made).body?.['value']).toMatchObject([
      { LogicalName: 'new_byname', KeyAttributes: ['new_name'], IsManaged: false },
    ]);
    expect(
      get(`${banks}/Keys`, apply(`DELETE ${banks}/Keys(LogicalName='new_byname')`, undefined, made)).body?.['value'],
    ).toEqual([]);
    expect(caught(() => apply(`DELETE ${banks}/Attributes(LogicalName='new_name')`, undefined, made))).toMatch(
      /^400 0x80047009/,
    );
    expect(caught(() => apply(`POST ${banks}/Keys`, { ...key, SchemaName: 'new_Again' }, made))).toMatch(
      /^400 0x80047010/,
    );
  });

  test.each([
    ['no columns', { KeyAttributes: [] }],
    ['a column twice', { KeyAttributes: ['new_name', 'new_name'] }],
    ['a column that there is not', { KeyAttributes: ['nothing'] }],
    ['the version of the row', { KeyAttributes: ['versionnumber'] }],
    ['something that is no name', { KeyAttributes: [5] }],
  ])('of %s is refused', (_what, more) => {
    expect(caught(() => apply(`POST ${banks}/Keys`, { ...key, ...more }, before))).toMatch(/^400 0x80040203/);
  });

  test('of a virtual table is refused', () => {
    expect(caught(() => apply("POST EntityDefinitions(LogicalName='mshr_hcmjobentity')/Keys", key))).toMatch(
      /^400 0x8004f012/,
    );
  });
});

describe('choices', () => {
  const before = { ...sample(), mergeLabels: false };
  const body = (members: object) => new DefinitionBody({ OptionSetName: 'new_colors', ...members }, 'test');
  const valuesOf = ({ model }: InForce) => model.choice.get('new_colors')?.options.map(({ value }) => value);

  test('have the values that were given, or are given some', () => {
    expect(valuesOf(before)).toEqual([1, 100000000]);
  });

  test('get options, in the order that is asked for, and lose them', () => {
    const added = insertOption(before, body({ Label: label('Blue') }));
    expect(added.members).toEqual({ NewOptionValue: 100000001 });
    const ordered = orderOptions({ ...before, ...added }, body({ Values: [100000001, 1, 100000000] }));
    expect(valuesOf(ordered)).toEqual([100000001, 1, 100000000]);
    expect(valuesOf(deleteOption({ ...before, ...ordered }, body({ Value: 1 })))).toEqual([100000001, 100000000]);
  });

  test('merge labels or replace them', () => {
    const labels = (merge: boolean) =>
      updateOption(before, body({ Value: 1, Label: label('Crimson'), MergeLabels: merge })).model.choice.get(
        'new_colors',
      )?.options[0];
    expect(labels(true)).toMatchObject({ label: 'Crimson', labelNb: 'Rød' });
    expect(labels(false)).not.toHaveProperty('labelNb');
  });

  test('of the product may be renamed, and no more', () => {
    const noyes = (members: object) => new DefinitionBody({ OptionSetName: 'mshr_noyes', ...members }, 'test');
    const renamed = updateOption(before, noyes({ Value: 200000000, Label: label('Nope') }));
    expect(renamed.model.choice.get('mshr_noyes')?.options[0]).toMatchObject({ label: 'Nope', name: 'No' });
    for (const change of [insertOption, deleteOption, orderOptions]) {
      expect(caught(() => change(before, noyes({ Label: label('x'), Value: 200000000, Values: [] })))).toMatch(
        /^400 0x80048403 The options of 'mshr_noyes' are those of Human Resources/,
      );
    }
  });

  const status = (members: object, attribute = 'statuscode') =>
    new DefinitionBody({ EntityLogicalName: 'new_account', AttributeLogicalName: attribute, ...members }, 'test');

  test('of statuses belong to a state', () => {
    const added = insertStatus(before, status({ StateCode: 0, Label: label('Frozen') }));
    expect(added.members).toEqual({ NewOptionValue: 100000000 });
    expect(added.model.choice.get('new_account_statuscode')?.options.at(-1)).toMatchObject({
      state: 0,
      label: 'Frozen',
    });
    const state = updateState(
      { ...before, ...added },
      status({ Value: 0, Label: label('Open'), DefaultStatusCode: 100000000 }, 'statecode'),
    );
    expect(state.model.choice.get('new_account_statecode')?.options[0]).toMatchObject({
      label: 'Open',
      defaultStatus: 100000000,
    });
    expect(caught(() => deleteOption({ ...before, ...state }, status({ Value: 100000000 })))).toMatch(
      /^400 0x8004f01f/,
    );
  });

  test.each([
    ['a value that is there', () => insertOption(before, body({ Value: 1, Label: label('x') })), /^400 0x80047010/],
    [
      'no free value',
      () =>
        insertOption(
          { ...before, ...insertOption(before, body({ Value: 2147483647, Label: label('x') })) },
          body({ Label: label('y') }),
        ),
      /^400 0x8004431f/,
    ],
    ['no label', () => insertOption(before, body({})), /base language/],
    [
      'an unknown value',
      () => updateOption(before, body({ Value: 9, Label: label('x') })),
      /^400 0x80048403 The option with the value 9/,
    ],
    [
      'an unknown choice',
      () => insertOption(before, body({ OptionSetName: 'nothing', Label: label('x') })),
      /^404 0x80040217/,
    ],
    [
      'neither choice nor column',
      () => insertOption(before, body({ OptionSetName: null, Label: label('x') })),
      /OptionSetName, or EntityLogicalName/,
    ],
    [
      'a column without options',
      () => insertOption(before, status({ Label: label('x') }, 'new_name')),
      /^400 0x80044320/,
    ],
    ['a state', () => insertOption(before, status({ Label: label('x') }, 'statecode')), /^400 0x80044320/],
    [
      'a status without its state',
      () => insertOption(before, status({ Label: label('x') })),
      /added by InsertStatusValue/,
    ],
    [
      'a state that there is not',
      () => insertStatus(before, status({ StateCode: 2, Label: label('x') })),
      /StateCode must be 0 or 1/,
    ],
    [
      'a default status of another state',
      () => updateState(before, status({ Value: 0, DefaultStatusCode: 2, Label: label('x') }, 'statecode')),
      /^400 0x80090418/,
    ],
    [
      'an order that leaves one out',
      () => orderOptions(before, body({ Values: [1] })),
      /every value of the choice, each once/,
    ],
    [
      'an order with one twice',
      () => orderOptions(before, body({ Values: [1, 1] })),
      /every value of the choice, each once/,
    ],
    ['a color that is none', () => insertOption(before, body({ Label: label('x'), Color: 'red' })), /is no color/],
  ])('refuse %s', (_what, change, says) => {
    expect(caught(change)).toMatch(says);
  });

  test('a name that is taken, and options when a choice is replaced, are dealt with', () => {
    expect(caught(() => apply('POST GlobalOptionSetDefinitions', colors, before))).toMatch(/^400 0x80047010/);
    const url = "GlobalOptionSetDefinitions(Name='new_colors')";
    const after = apply(`PUT ${url}`, { ...get(url, before).body, DisplayName: label('Paints') }, before);
    expect(after.model.choice.get('new_colors')).toMatchObject({
      label: 'Paints',
      options: [{ value: 1 }, { value: 100000000 }],
    });
  });
});
