import { describe, expect, test } from 'vitest';
import { builtInChoices, builtInModel, builtInTables } from '../../src/metadata/built-in.ts';
import { linkModel } from '../../src/metadata/model.ts';
import type { Model, TableDefinition } from '../../src/metadata/table.ts';
import { metadataXml } from '../../src/odata/csdl.ts';

const model = builtInModel();
const xml = metadataXml(model);

/** A model of these tables alone: lookups that lead elsewhere become plain columns that are left out. */
function modelOf(...names: readonly string[]): Model {
  const kept = builtInTables.filter((table) => names.includes(table.logicalName));
  return linkModel(
    kept.map((table) => within(table, names)),
    builtInChoices,
  );
}

function within(table: TableDefinition, names: readonly string[]): TableDefinition {
  const columns = table.columns.filter(({ lookup }) => lookup === undefined || names.includes(lookup.target));
  const left = new Set(columns.map((column) => column.name));
  return {
    ...table,
    columns,
    mirrors: (table.mirrors ?? []).filter((mirror) => left.has(mirror.through)),
    manyToMany: (table.manyToMany ?? []).filter((relation) => names.includes(relation.intersect)),
  };
}

/** Text of one entity type. */
function entityType(name: string, document = xml): string {
  const start = document.indexOf(`<EntityType Name="${name}"`);
  if (start < 0) return '';
  return document.slice(start, document.indexOf('</EntityType>', start));
}

/** Attributes of every element of that name, in order. */
function elements(name: string, document = xml): readonly Readonly<Record<string, string>>[] {
  return [...document.matchAll(new RegExp(`<${name}((?: [\\w:]+="[^"]*")*) ?/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}

test('the document of a few tables is as written down', async () => {
  const small = modelOf(
    'mshr_hcmrecruitingrequestentity',
    'mshr_hcmrecruitingrequestpositionentity',
    'cdm_company',
    'businessunit',
    'role',
    'privilege',
    'roleprivileges',
  );
  await expect(metadataXml(small)).toMatchFileSnapshot('../golden/metadata-recruiting-request.xml');
});

describe('properties', () => {
  test.each([
    [
      'a key',
      'mshr_hcmrecruitingrequestentity',
      '<Property Name="mshr_hcmrecruitingrequestentityid" Type="Edm.Guid" Nullable="false" />',
    ],
    [
      'a text with its length',
      'mshr_hcmrecruitingrequestentity',
      '<Property Name="mshr_dataareaid" Type="Edm.String" MaxLength="4" />',
    ],
    [
      'a text that a create is refused without',
      'mshr_hcmrecruitingrequestentity',
      '<Property Name="mshr_description" Type="Edm.String" Nullable="false" MaxLength="255" />',
    ],
    [
      'a long text',
      'mshr_hcmrecruitingrequestentity',
      '<Property Name="mshr_comments" Type="Edm.String" MaxLength="1048576" />',
    ],
    ['a choice', 'mshr_hcmrecruitingrequestentity', '<Property Name="mshr_status" Type="Edm.Int32" />'],
    [
      'a date of a virtual table',
      'mshr_hcmrecruitingrequestentity',
      '<Property Name="mshr_estimatedstartdate" Type="Edm.DateTimeOffset" Nullable="false" />',
    ],
    [
      'a decimal',
      'mshr_hcmrecruitingrequestentity',
      '<Property Name="mshr_compensationlowthreshold" Type="Edm.Decimal" Scale="6" />',
    ],
    ['a lookup', 'mshr_hcmrecruitingrequestentity', '<Property Name="_mshr_fk_job_id_value" Type="Edm.Guid" />'],
    [
      'a lookup that a create needs, bound by its navigation',
      'systemuser',
      '<Property Name="_businessunitid_value" Type="Edm.Guid" />',
    ],
    ['a yes or no', 'systemuser', '<Property Name="isdisabled" Type="Edm.Boolean" />'],
    ['a large whole number', 'systemuser', '<Property Name="versionnumber" Type="Edm.Int64" />'],
    [
      'a whole number',
      'mshr_hcmratinglevelentity',
      '<Property Name="mshr_factor" Type="Edm.Int32" Nullable="false" />',
    ],
  ])('%s', (_, table, line) => {
    expect(entityType(table)).toContain(line);
  });

  test('a value that the system gives is not demanded from clients', () => {
    expect(entityType('mshr_hcmcandidatetohireentity')).toContain(
      '<Property Name="mshr_candidateid" Type="Edm.String" MaxLength="255" />',
    );
  });

  test('a date of a native table is a date', () => {
    const company = builtInTables.find((table) => table.logicalName === 'cdm_company');
    if (company === undefined) throw new Error('no company');
    const founded = { name: 'founded', label: 'Founded', type: 'Date', access: 'read-write' } as const;
    const changed = linkModel([{ ...company, columns: [...company.columns, founded] }], builtInChoices);
    expect(metadataXml(changed)).toContain('<Property Name="founded" Type="Edm.Date" />');
  });

  test('hidden columns are not shown', () => {
    const company = builtInTables.find((table) => table.logicalName === 'cdm_company');
    if (company === undefined) throw new Error('no company');
    const secret = { name: 'secrethash', label: 'Hash', type: 'String', access: 'read-only', hidden: true } as const;
    const changed = linkModel([{ ...company, columns: [...company.columns, secret] }], builtInChoices);
    expect(metadataXml(changed)).not.toContain('secrethash');
  });
});

describe('navigation properties', () => {
  const types = new Set(elements('EntityType').map((type) => `mscrm.${type['Name']}`));
  const owners = [...model.entitySet.values()].map(({ logicalName }) => ({
    logicalName,
    navigations: elements('NavigationProperty', entityType(logicalName)),
  }));

  test('lead to types of the document, and their partners lead back', () => {
    expect(owners.flatMap(({ navigations }) => navigations).length).toBeGreaterThan(130);
    for (const { logicalName, navigations } of owners) {
      for (const { Name, Type = '', Partner } of navigations) {
        const target = Type.replace(/^Collection\((.*)\)$/, '$1');
        expect(types, Name).toContain(target);
        if (Partner === undefined) continue;
        const back = owners.find((owner) => `mscrm.${owner.logicalName}` === target)?.navigations;
        const partner = back?.find((navigation) => navigation['Name'] === Partner);
        expect(partner?.['Partner'], `${logicalName} ${Name}`).toBe(Name);
        expect(partner?.['Type'], `${logicalName} ${Name}`).toContain(`mscrm.${logicalName}`);
      }
    }
  });

  test('of a lookup say which property holds the id', () => {
    expect(entityType('mshr_hcmcandidatetohireentity')).toContain(
      '<NavigationProperty Name="mshr_FK_RecruitingRequest_id" Type="mscrm.mshr_hcmrecruitingrequestentity" Partner="mshr_FK_HcmCandidateToHireEntity_RecruitingRequest">\n' +
        '          <ReferentialConstraint Property="_mshr_fk_recruitingrequest_id_value" ReferencedProperty="mshr_hcmrecruitingrequestentityid" />',
    );
  });

  test('are bound to entity sets that exist', () => {
    const sets = new Set(elements('EntitySet').map((set) => set['Name']));
    expect(sets.size).toBe(model.entitySet.size);
    for (const { Target } of elements('NavigationPropertyBinding')) expect(sets).toContain(Target);
    expect(elements('NavigationPropertyBinding')).toHaveLength(elements('NavigationProperty').length);
  });
});

describe('messages', () => {
  test('functions and actions that exist are there', () => {
    expect(xml).toContain('<FunctionImport Name="WhoAmI" Function="Microsoft.Dynamics.CRM.WhoAmI" />');
    expect(xml).toContain('<Action Name="AddPrivilegesRole" IsBound="true">');
    expect(xml).toContain('<Parameter Name="Privileges" Type="Collection(mscrm.RolePrivilege)" Nullable="false" />');
  });

  test('a message on rows of a table that is not there is left out', () => {
    expect(metadataXml(modelOf('cdm_company'))).not.toContain('AddPrivilegesRole');
  });
});

describe('annotations', () => {
  const writes = { insert: true, update: true, upsert: true, remove: false, deepInsert: false };
  const annotations = { isStrict: false, writesOf: () => writes };
  const annotated = metadataXml(model, { annotations });

  test('are given only when asked for', () => {
    expect(xml).not.toContain('Annotation');
    expect(annotated).toContain('<edmx:Include Namespace="Org.OData.Core.V1" />');
  });

  test('say what a client may not set', () => {
    const request = entityType('mshr_hcmrecruitingrequestentity', annotated);
    expect(request).toMatch(
      /Name="mshr_titleid"[^>]*>\s*<Annotation[^>]*>\s*<Annotation Term="Org.OData.Core.V1.Computed" Bool="true" \/>/,
    );
    expect(request).toMatch(
      /Name="mshr_jobid"[^>]*>\s*<Annotation[^>]*>\s*<Annotation Term="Org.OData.Core.V1.Immutable" Bool="true" \/>/,
    );
  });

  test('say what a set can do', () => {
    const start = annotated.indexOf('<EntitySet Name="mshr_hcmrecruitingrequestentities"');
    const set = annotated.slice(start, annotated.indexOf('</EntitySet>', start)).replace(/\s*\n\s*/g, '');
    const capability = (term: string, content: string): string =>
      `<Annotation Term="Org.OData.Capabilities.V1.${term}"${content}`;
    expect(set).toContain(capability('TopSupported', ' Bool="true" />'));
    expect(set).toContain(
      capability('DeleteRestrictions', '><Record><PropertyValue Property="Deletable" Bool="false" /></Record>'),
    );
    expect(set).toMatch(
      /Property="NonUpdatableProperties"><Collection>(?:<PropertyPath>\w+<\/PropertyPath>)*<PropertyPath>mshr_jobid</,
    );
    expect(set).toContain('<NavigationPropertyPath>mshr_FK_Job_id</NavigationPropertyPath>');
  });

  test('say what the whole API can do', () => {
    const api = annotated.slice(annotated.lastIndexOf('</EntitySet>')).replace(/\s*\n\s*/g, '');
    expect(api).toContain('<Annotation Term="Org.OData.Capabilities.V1.BatchSupported" Bool="true" />');
    expect(api).toContain('<String>Microsoft.Dynamics.CRM.LastXDays</String>');
    expect(api).not.toContain('<String>Microsoft.Dynamics.CRM.Contains</String>');
    expect(api).toContain('<String>multipart/mixed</String><String>application/json</String>');
    const strict = metadataXml(model, { annotations: { ...annotations, isStrict: true } });
    expect(strict.replace(/\s*\n\s*/g, '')).toContain('<String>multipart/mixed</String></Collection>');
  });

  test('are written so that XML can be read again', () => {
    const company = builtInTables.find((table) => table.logicalName === 'cdm_company');
    if (company === undefined) throw new Error('no company');
    const awkward = linkModel([{ ...company, purpose: 'a < b & "c"' }], builtInChoices);
    expect(metadataXml(awkward, { annotations })).toContain('String="a &lt; b &amp; &quot;c&quot;"');
  });
});

test('bulk messages are bound to any set of rows', () => {
  const actions = xml.slice(xml.indexOf('<Action Name="CreateMultiple"')).replace(/\s*\n\s*/g, '');
  expect(actions).toMatch(
    /^<Action Name="CreateMultiple" IsBound="true"><Parameter Name="entityset" Type="Collection\(mscrm\.crmbaseentity\)" Nullable="false" \/><Parameter Name="Targets" Type="Collection\(mscrm\.crmbaseentity\)" Nullable="false" \/><ReturnType Type="mscrm\.CreateMultipleResponse"/,
  );
  for (const name of ['UpdateMultiple', 'UpsertMultiple'])
    expect(xml).toContain(`<Action Name="${name}" IsBound="true">`);
});
