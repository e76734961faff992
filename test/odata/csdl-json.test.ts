import { describe, expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { metadataXml } from '../../src/odata/csdl.ts';
import { metadataJson } from '../../src/odata/csdl-json.ts';

type Members = Readonly<Record<string, unknown>>;

const model = builtInModel();
const writes = { insert: true, update: true, upsert: true, remove: true, deepInsert: false };
const annotations = { isStrict: false, writesOf: () => writes };

const parse = (text: string): Members => JSON.parse(text);
const schemaOf = (document: Members) => document['Microsoft.Dynamics.CRM'] as Readonly<Record<string, Members>>;

const plain = parse(metadataJson(model));
const annotated = parse(metadataJson(model, { annotations }));
const schema = schemaOf(plain);
const request = schema['mshr_hcmrecruitingrequestentity'] ?? {};

describe('$metadata in JSON', () => {
  test('names its version and its container', () => {
    expect(plain).toMatchObject({ $Version: '4.01', $EntityContainer: 'Microsoft.Dynamics.CRM.System' });
    expect(schema).toMatchObject({ $Alias: 'mscrm', crmbaseentity: { $Kind: 'EntityType', $Abstract: true } });
  });

  test('has every table as a type and as a set', () => {
    const types = Object.entries(schema).filter(([, { $Kind }]) => $Kind === 'EntityType');
    expect(types).toHaveLength(model.entitySet.size + 1);
    for (const [name, table] of model.entitySet) {
      expect(schema['System']?.[name]).toMatchObject({
        $Collection: true,
        $Type: `Microsoft.Dynamics.CRM.${table.logicalName}`,
      });
    }
  });

  test.each([
    ['a key', 'mshr_hcmrecruitingrequestentityid', { $Type: 'Edm.Guid' }],
    ['a text, whose type is not said', 'mshr_dataareaid', { $Nullable: true, $MaxLength: 4 }],
    ['a text that a create needs', 'mshr_description', { $MaxLength: 255 }],
    ['a choice', 'mshr_status', { $Type: 'Edm.Int32', $Nullable: true }],
    ['a decimal', 'mshr_compensationlowthreshold', { $Type: 'Edm.Decimal', $Nullable: true, $Scale: 6 }],
    [
      'a lookup',
      'mshr_FK_Job_id',
      {
        $Kind: 'NavigationProperty',
        $Type: 'mscrm.mshr_hcmjobentity',
        $Nullable: true,
        $Partner: 'mshr_FK_HcmRecruitingRequestEntity_Job',
        $ReferentialConstraint: { _mshr_fk_job_id_value: 'mshr_hcmjobentityid' },
      },
    ],
  ])('%s', (_, name, expected) => {
    expect(request[name]).toEqual(expected);
  });

  test('functions and actions are lists of overloads', () => {
    expect(schema['RetrieveUserPrivileges']).toEqual([
      {
        $Kind: 'Function',
        $IsBound: true,
        $Parameter: [{ $Name: 'entity', $Type: 'mscrm.systemuser' }],
        $ReturnType: { $Type: 'mscrm.RetrieveUserPrivilegesResponse' },
      },
    ]);
    expect(schema['System']?.['WhoAmI']).toEqual({ $Function: 'Microsoft.Dynamics.CRM.WhoAmI' });
    expect(schema['System']?.['InsertOptionValue']).toEqual({ $Action: 'Microsoft.Dynamics.CRM.InsertOptionValue' });
    expect(schema['EntityFilters']).toMatchObject({ $Kind: 'EnumType', Entity: 1 });
  });

  test('says as many properties, links and bindings as the document in XML', () => {
    const xml = metadataXml(model);
    const count = (element: string): number => xml.split(`<${element} `).length - 1;
    const members = Object.values(schema).filter(({ $Kind }) => $Kind === 'EntityType' || $Kind === 'ComplexType');
    const named = members.flatMap((type) => Object.entries(type).filter(([name]) => !name.startsWith('$')));
    const links = named.filter(([, value]) => (value as Members)['$Kind'] === 'NavigationProperty');
    expect(links).toHaveLength(count('NavigationProperty'));
    expect(named.length - links.length).toBe(count('Property'));
    const bindings = Object.values(schema['System'] ?? {}).flatMap((set) =>
      Object.keys((set as Members)['$NavigationPropertyBinding'] ?? {}),
    );
    expect(bindings).toHaveLength(count('NavigationPropertyBinding'));
  });
});

describe('annotations in JSON', () => {
  test('are given only when asked for, with their vocabularies', () => {
    expect(JSON.stringify(plain)).not.toContain('Org.OData');
    expect(Object.values(annotated['$Reference'] as Members)).toEqual([
      { $Include: [{ $Namespace: 'Org.OData.Core.V1' }] },
      { $Include: [{ $Namespace: 'Org.OData.Capabilities.V1' }] },
    ]);
  });

  test('stand beside what they are about', () => {
    const type = schemaOf(annotated)['mshr_hcmrecruitingrequestentity'];
    expect(type?.['mshr_titleid']).toMatchObject({ '@Org.OData.Core.V1.Computed': true });
    const set = schemaOf(annotated)['System']?.['mshr_hcmrecruitingrequestentities'];
    expect(set).toMatchObject({
      '@Org.OData.Capabilities.V1.SkipSupported': false,
      '@Org.OData.Capabilities.V1.InsertRestrictions': { Insertable: true },
      '@Org.OData.Capabilities.V1.UpdateRestrictions': {
        Updatable: true,
        NonUpdatableProperties: expect.arrayContaining(['mshr_hcmrecruitingrequestentityid', 'mshr_jobid']),
      },
    });
    expect(schemaOf(annotated)['System']).toMatchObject({
      '@Org.OData.Capabilities.V1.BatchSupport': { Supported: true, EtagReferencesSupported: true },
    });
  });
});
