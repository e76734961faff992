// The metadata methods of dynamics-web-api, as a customizer would call them. Prints one JSON line with what each gave.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

const { API_URL, AUTHORITY_URL, ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET } = process.env;
const { accessToken } = await new ConfidentialClientApplication({
  auth: {
    clientId: ADMIN_CLIENT_ID,
    clientSecret: ADMIN_CLIENT_SECRET,
    authority: AUTHORITY_URL,
    knownAuthorities: [new URL(AUTHORITY_URL).host],
  },
}).acquireTokenByClientCredential({ scopes: [`${API_URL}/.default`] });

const dynamics = new DynamicsWebApi({
  serverUrl: API_URL,
  dataApi: { version: '9.2' },
  onTokenRefresh: async () => accessToken,
});

const label = (text) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });
const typed = (name) => `Microsoft.Dynamics.CRM.${name}`;
const failure = (promise) =>
  promise.then(
    (value) => ({ unexpected: value ?? true }),
    ({ message, status, code }) => ({ message, status, code }),
  );
const table = (schemaName) => ({
  '@odata.type': typed('EntityMetadata'),
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  DisplayCollectionName: label(`${schemaName}s`),
  Description: label('Made by a client'),
  OwnershipType: 'OrganizationOwned',
  HasActivities: false,
  HasNotes: false,
  IsActivity: false,
  Attributes: [
    {
      '@odata.type': typed('StringAttributeMetadata'),
      AttributeType: 'String',
      AttributeTypeName: { Value: 'StringType' },
      SchemaName: 'new_Name',
      DisplayName: label('Name'),
      IsPrimaryName: true,
      RequiredLevel: {
        Value: 'None',
        CanBeChanged: true,
        ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
      },
      FormatName: { Value: 'Text' },
      MaxLength: 100,
    },
  ],
});

const output = {};

// Tables
output.created = await dynamics.createEntity({ data: table('new_Fleet') });
await dynamics.createEntity({ data: table('new_Car') });
const key = "LogicalName='new_fleet'";
const fleet = await dynamics.retrieveEntity({ key });
output.entity = { name: fleet.LogicalName, set: fleet.EntitySetName, id: fleet.MetadataId };
output.entities = (
  await dynamics.retrieveEntities({
    select: ['LogicalName'],
    filter: "LogicalName eq 'new_fleet' or LogicalName eq 'new_car'",
  })
).value.map((each) => each.LogicalName);
fleet.DisplayName = label('Fleets');
await dynamics.updateEntity({ data: fleet, mergeLabels: true });
output.renamed = (await dynamics.retrieveEntity({ key, select: ['DisplayName'] })).DisplayName.UserLocalizedLabel.Label;

// Columns
output.attribute = await dynamics.createAttribute({
  entityKey: fleet.MetadataId,
  data: {
    '@odata.type': typed('IntegerAttributeMetadata'),
    AttributeType: 'Integer',
    SchemaName: 'new_Size',
    DisplayName: label('Size'),
    MinValue: 0,
    MaxValue: 1000,
  },
});
const size = await dynamics.retrieveAttribute({
  entityKey: key,
  attributeKey: "LogicalName='new_size'",
  castType: typed('IntegerAttributeMetadata'),
});
output.size = { name: size.LogicalName, max: size.MaxValue };
size.MaxValue = 50;
await dynamics.updateAttribute({ entityKey: key, data: size, castType: typed('IntegerAttributeMetadata') });
output.attributes = (
  await dynamics.retrieveAttributes({
    entityKey: key,
    castType: typed('IntegerAttributeMetadata'),
    select: ['LogicalName', 'MaxValue'],
  })
).value.map((each) => [each.LogicalName, each.MaxValue]);

// Relationships
output.relationship = await dynamics.createRelationship({
  data: {
    '@odata.type': typed('OneToManyRelationshipMetadata'),
    SchemaName: 'new_fleet_car',
    ReferencedEntity: 'new_fleet',
    ReferencedAttribute: 'new_fleetid',
    ReferencingEntity: 'new_car',
    CascadeConfiguration: { Delete: 'RemoveLink', Assign: 'NoCascade' },
    Lookup: {
      '@odata.type': typed('LookupAttributeMetadata'),
      AttributeType: 'Lookup',
      AttributeTypeName: { Value: 'LookupType' },
      SchemaName: 'new_FleetId',
      DisplayName: label('Fleet'),
    },
  },
});
const relationship = await dynamics.retrieveRelationship({
  key: output.relationship,
  castType: typed('OneToManyRelationshipMetadata'),
});
relationship.CascadeConfiguration.Delete = 'Restrict';
await dynamics.updateRelationship({ data: relationship, castType: typed('OneToManyRelationshipMetadata') });
output.relationships = (
  await dynamics.retrieveRelationships({
    castType: typed('OneToManyRelationshipMetadata'),
    select: ['SchemaName', 'CascadeConfiguration'],
    filter: "ReferencedEntity eq 'new_fleet'",
  })
).value.map((each) => [each.SchemaName, each.CascadeConfiguration.Delete]);

// Choices
output.choice = await dynamics.createGlobalOptionSet({
  data: {
    '@odata.type': typed('OptionSetMetadata'),
    Name: 'new_fuels',
    OptionSetType: 'Picklist',
    DisplayName: label('Fuels'),
    Options: [{ Value: 1, Label: label('Electric') }],
  },
});
const choice = await dynamics.retrieveGlobalOptionSet({ key: output.choice, castType: typed('OptionSetMetadata') });
output.options = choice.Options.map((each) => each.Label.UserLocalizedLabel.Label);
choice.DisplayName = label('Fuel');
await dynamics.updateGlobalOptionSet({ data: choice });
output.inserted = await dynamics.callAction({
  actionName: 'InsertOptionValue',
  action: { OptionSetName: 'new_fuels', Label: label('Diesel') },
});
await dynamics.callAction({ actionName: 'PublishAllXml' });
await dynamics.callAction({
  actionName: 'PublishXml',
  action: { ParameterXml: '<importexportxml><entities><entity>new_fleet</entity></entities></importexportxml>' },
});
const choices = await dynamics.retrieveGlobalOptionSets({ castType: typed('OptionSetMetadata') });
output.choices = choices.value
  .filter((each) => each.Name === 'new_fuels')
  .map((each) => each.DisplayName.UserLocalizedLabel.Label);
await dynamics.createAttribute({
  entityKey: key,
  data: {
    '@odata.type': typed('PicklistAttributeMetadata'),
    SchemaName: 'new_Fuel',
    DisplayName: label('Fuel'),
    'GlobalOptionSet@odata.bind': `/GlobalOptionSetDefinitions(${output.choice})`,
  },
});

// Rows of the new tables, at once
const fleetId = await dynamics.create({
  collection: 'new_fleets',
  data: { new_name: 'Blue', new_size: 7, new_fuel: 1 },
});
const carId = await dynamics.create({
  collection: 'new_cars',
  data: { new_name: 'One', 'new_FleetId@odata.bind': `new_fleets(${fleetId})` },
});
const car = await dynamics.retrieve({
  collection: 'new_cars',
  key: carId,
  select: ['new_name'],
  expand: [{ property: 'new_FleetId', select: ['new_name', 'new_fuel'] }],
  includeAnnotations: '*',
});
output.car = { name: car.new_name, fleet: car.new_FleetId.new_name };
output.tooLarge = await failure(dynamics.create({ collection: 'new_fleets', data: { new_name: 'Red', new_size: 51 } }));
output.restricted = await failure(dynamics.deleteRecord({ collection: 'new_fleets', key: fleetId }));

// Documents
output.csdl = (await dynamics.retrieveCsdlMetadata()).includes('<EntitySet Name="new_fleets"');
output.organization = (
  await dynamics.callFunction({
    functionName: 'RetrieveCurrentOrganization',
    parameters: { AccessType: "Microsoft.Dynamics.CRM.EndpointAccessType'Default'" },
  })
).Detail.FriendlyName;

// The other way round
output.inUse = await failure(dynamics.deleteRecord({ collection: 'EntityDefinitions', key: fleet.MetadataId }));
await dynamics.deleteRelationship({ key: output.relationship });
await dynamics.deleteRecord({ collection: 'EntityDefinitions', key });
output.choiceGone = await dynamics.deleteGlobalOptionSet({ key: output.choice });
output.gone = await failure(dynamics.retrieveEntity({ key }));
output.rowsGone = await failure(dynamics.retrieveMultiple({ collection: 'new_fleets' }));
console.log(JSON.stringify(output));
