import { type ChangeMethod, parseDefinitionChange } from '../../../src/definitions/change/apply-change.ts';
import type { Change } from '../../../src/definitions/change/change.ts';
import { noCustomization } from '../../../src/metadata/customization.ts';
import { builtIn } from '../ask.ts';

export type InForce = Pick<Change, 'customization' | 'model'>;

export const untouched: InForce = { customization: noCustomization, model: builtIn };

/** What `METHOD path` with this body makes of the definitions. */
export function apply(
  request: string,
  body: unknown = undefined,
  inForce: InForce = untouched,
  headers: Readonly<Record<string, string>> = {},
): Change {
  const [method = '', path = ''] = request.split(/ (.*)/s, 2);
  const parsed = parseDefinitionChange({
    method: method as ChangeMethod,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });
  return parsed.change({ customization: inForce.customization, model: inForce.model });
}

export const label = (en?: string, nb?: string): object => ({
  LocalizedLabels: [
    ...(en === undefined ? [] : [{ Label: en, LanguageCode: 1033 }]),
    ...(nb === undefined ? [] : [{ Label: nb, LanguageCode: 1044 }]),
  ],
});

export const typed = (name: string): string => `Microsoft.Dynamics.CRM.${name}`;

export const nameColumn = {
  '@odata.type': typed('StringAttributeMetadata'),
  SchemaName: 'new_Name',
  DisplayName: label('Name', 'Navn'),
  IsPrimaryName: true,
  MaxLength: 100,
};

export const bank = {
  '@odata.type': typed('EntityMetadata'),
  SchemaName: 'new_Bank',
  DisplayName: label('Bank', 'Bank'),
  DisplayCollectionName: label('Banks', 'Banker'),
  OwnershipType: 'OrganizationOwned',
  Attributes: [nameColumn],
};

export const account = {
  ...bank,
  SchemaName: 'new_Account',
  DisplayName: label('Account', 'Konto'),
  DisplayCollectionName: label('Accounts', 'Kontoer'),
  OwnershipType: 'UserOwned',
};

export const lookup = {
  '@odata.type': typed('OneToManyRelationshipMetadata'),
  SchemaName: 'new_bank_account',
  ReferencedEntity: 'new_bank',
  ReferencingEntity: 'new_account',
  Lookup: {
    '@odata.type': typed('LookupAttributeMetadata'),
    SchemaName: 'new_BankId',
    DisplayName: label('Bank', 'Bank'),
  },
};

export const colors = {
  '@odata.type': typed('OptionSetMetadata'),
  Name: 'new_Colors',
  OptionSetType: 'Picklist',
  DisplayName: label('Colors', 'Farger'),
  Options: [
    { Value: 1, Label: label('Red', 'Rød') },
    { Value: null, Label: label('Green') },
  ],
};

/** Both tables, the lookup between them and the choice. */
export function sample(): Change {
  const banks = apply('POST EntityDefinitions', bank);
  const accounts = apply('POST EntityDefinitions', account, banks);
  const joined = apply('POST RelationshipDefinitions', lookup, accounts);
  return apply('POST GlobalOptionSetDefinitions', colors, joined);
}

export const banks = "EntityDefinitions(LogicalName='new_bank')";
export const accounts = "EntityDefinitions(LogicalName='new_account')";
