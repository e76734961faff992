import type { ApiClient } from '../../api/api-client.ts';
import type { Field } from '../../components/record-form/field.ts';
import type { Locale } from '../../i18n/translate.ts';
import { type HrRow, rowPath } from './container.ts';
import { entitySource } from './entity.ts';

/** What a permission speaks about, weakest first: names of the product, which are shown as they are. */
const rights = ['Read', 'Update', 'Create', 'Correct', 'Delete', 'Invoke'] as const;

const states = ['Unset', 'Grant', 'Deny'] as const;
const types = ['DataEntity', 'DataEntityField', 'DataEntityMethod', 'ServiceOperation'] as const;
/** The one service operation that there is: calls from Dataverse arrive at it. */
const adapterService = 'CDSVirtualEntityAdapterService';

const set = 'SecurityPrivilegePermissions';
const keys = [
  'SecurityPrivilegeIdentifier',
  'SecurableType',
  'SecurableName',
  'SecurableField',
  'IntegrationMode',
] as const;

const pathOf = (row: HrRow): string => rowPath(set, Object.fromEntries(keys.map((key) => [key, row[key] ?? ''])));

export const removePermission = (api: ApiClient, row: HrRow): Promise<undefined> => api.change('DELETE', pathOf(row));

export const changePermission = (api: ApiClient, row: HrRow, body: HrRow, overwrite: boolean): Promise<undefined> =>
  api.change('PATCH', pathOf(row), { body, headers: { 'If-Match': overwrite ? '*' : (row['@odata.etag'] ?? '*') } });

export const addPermission = (api: ApiClient, body: HrRow): Promise<undefined> =>
  api.change('POST', `/data/${set}`, { body });

export const emptyPermission: HrRow = {
  ...{ SecurableType: 'DataEntity', SecurableName: '', SecurableField: '' },
  ...Object.fromEntries(rights.map((right) => [right, 'Unset'])),
};

/** Names of the rights that a permission grants or denies. */
export const rightsThat = (state: 'Grant' | 'Deny', row: HrRow): string =>
  rights.filter((right) => row[right] === state).join(', ');

const hasField = (type: unknown): boolean => type === 'DataEntityField' || type === 'DataEntityMethod';

/** The form: what it is about cannot be changed later. */
export function permissionFields({ t, language }: Locale, isNew: boolean): readonly Field[] {
  const isReadOnly = !isNew;
  const object = { name: 'SecurableName', label: t('hrPermission.object'), isRequired: true, isReadOnly };
  return [
    {
      ...{ name: 'SecurableType', kind: 'choice', label: t('hrPermission.type'), isRequired: true, isReadOnly },
      options: types.map((value) => ({ value, label: value })),
    },
    {
      ...{ ...object, kind: 'lookup', source: entitySource(language) },
      isVisible: ({ SecurableType }) => SecurableType !== 'ServiceOperation',
    },
    {
      ...{ ...object, kind: 'choice', options: [{ value: adapterService, label: adapterService }] },
      isVisible: ({ SecurableType }) => SecurableType === 'ServiceOperation',
    },
    {
      ...{ name: 'SecurableField', kind: 'text', label: t('hrPermission.field'), isRequired: true, isReadOnly },
      isVisible: ({ SecurableType }) => hasField(SecurableType),
    },
    ...rights.map(
      (right): Field => ({
        ...{ name: right, kind: 'choice', label: right, isRequired: true },
        options: states.map((value) => ({ value, label: value })),
      }),
    ),
  ];
}
