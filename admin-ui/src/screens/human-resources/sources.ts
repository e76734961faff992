import type { OperatorLanguage } from '../../../../src/admin/contract.ts';
import { literal } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import { roleName } from './role-name.ts';

/** A row of `SystemUsers`. */
export interface HrUser {
  readonly '@odata.etag': string;
  readonly UserID: string;
  readonly UserName: string;
  readonly NetworkDomain: string;
  readonly Email: string;
  readonly Company: string;
  readonly Enabled: boolean;
}

/** A row of `SysAADClients`: an application and the user that it acts as. */
export interface Link {
  readonly '@odata.etag': string;
  readonly AADClientId: string;
  readonly Name: string;
  readonly UserId: string;
}

export const linkPath = (clientId: string): string => `/data/SysAADClients(${encodeURIComponent(literal(clientId))})`;

export const userSource: LookupSource = {
  key: 'hr users',
  load: async (api, signal) => {
    const { rows } = await api.list<HrUser>('/data/SystemUsers', { signal });
    return rows.map(({ UserID, UserName }) => ({ value: UserID, label: UserID, secondary: UserName }));
  },
};

interface HrRole {
  readonly SecurityRoleIdentifier: string;
  readonly SecurityRoleName: string;
}

/** Roles by name and identifier: imports and files need the latter. */
export const roleSource = (language: OperatorLanguage): LookupSource => ({
  key: `hr roles ${language}`,
  load: async (api, signal) => {
    const { rows } = await api.list<HrRole>('/data/SecurityRoles', { signal });
    return rows.map(({ SecurityRoleIdentifier: value, SecurityRoleName: name }) => ({
      ...{ value, label: roleName(language, value, name) },
      secondary: value,
    }));
  },
});

interface LegalEntity {
  readonly LegalEntityId: string;
  readonly Name: string;
}

export const companySource: LookupSource = {
  key: 'legal entities',
  load: async (api, signal) => {
    const { rows } = await api.list<LegalEntity>('/data/LegalEntities', { signal });
    return rows.map(({ LegalEntityId, Name }) => ({ value: LegalEntityId, label: LegalEntityId, secondary: Name }));
  },
};
