import type { ApiClient } from '../../api/api-client.ts';
import { query, webApi } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import type { Unit } from '../organization/unit.ts';
import type { Application } from './application.ts';

export interface NamedRole {
  readonly roleid: string;
  readonly name: string;
}

/** A row of `systemusers` that stands for an application. */
export interface AppUser {
  readonly '@odata.etag': string;
  readonly systemuserid: string;
  readonly fullname: string;
  readonly applicationid: string;
  readonly isdisabled: boolean;
  readonly internalemailaddress: string;
  readonly _businessunitid_value: string;
  readonly '_businessunitid_value@OData.Community.Display.V1.FormattedValue'?: string;
  readonly systemuserroles_association: readonly NamedRole[];
}

export const appUserQuery = {
  $select: 'fullname,applicationid,isdisabled,internalemailaddress,_businessunitid_value',
  $expand: 'systemuserroles_association($select=name)',
} as const;

export const unitOf = (user: AppUser): string =>
  user['_businessunitid_value@OData.Community.Display.V1.FormattedValue'] ?? user._businessunitid_value;

/** Roles of one business unit: users and teams are given those of their own. */
export async function rolesOfUnit(api: ApiClient, unit: string, signal?: AbortSignal): Promise<readonly NamedRole[]> {
  const options = query({ $select: 'name', $filter: `_businessunitid_value eq ${unit}`, $orderby: 'name' });
  return (await api.list<NamedRole>(`${webApi}/roles${options}`, { signal })).rows;
}

export const applicationSource: LookupSource = {
  key: 'applications',
  isOpen: true,
  load: async (api, signal) => {
    const { rows } = await api.list<Application>('/v1.0/applications?$top=999', { signal });
    return rows.map(({ appId, displayName }) => ({ value: appId, label: displayName, secondary: appId }));
  },
};

/** Those of this tenant only: what is typed half is no choice yet. */
export const registeredSource: LookupSource = { ...applicationSource, isOpen: false };

/** The unit without a parent. */
export async function findRootUnit(api: ApiClient, signal?: AbortSignal): Promise<string> {
  const options = query({ $select: 'name', $filter: '_parentbusinessunitid_value eq null' });
  const { rows } = await api.list<Unit>(`${webApi}/businessunits${options}`, { signal });
  return rows[0]?.businessunitid ?? '';
}

/** Makes the user, then gives it the role, as two requests: the real product has no single one for it. */
export async function createAppUser(
  api: ApiClient,
  { applicationid, unit, email, role }: Readonly<Record<'applicationid' | 'unit' | 'email' | 'role', string>>,
): Promise<AppUser> {
  const made = await api.change<AppUser>('POST', `${webApi}/systemusers?$select=fullname`, {
    headers: { Prefer: 'return=representation' },
    body: {
      applicationid,
      'businessunitid@odata.bind': `/businessunits(${unit})`,
      ...(email === '' ? {} : { internalemailaddress: email }),
    },
  });
  if (role !== '') await giveRole(api, made.systemuserid, role);
  return made;
}

export const giveRole = (api: ApiClient, user: string, role: string): Promise<undefined> =>
  api.change('POST', `${webApi}/systemusers(${user})/systemuserroles_association/$ref`, {
    body: { '@odata.id': `${webApi}/roles(${role})` },
  });

export const takeRole = (api: ApiClient, user: string, role: string): Promise<undefined> =>
  api.change('DELETE', `${webApi}/systemusers(${user})/systemuserroles_association(${role})/$ref`);
