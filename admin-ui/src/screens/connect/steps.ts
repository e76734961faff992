import type { ApiClient } from '../../api/api-client.ts';
import { literal, webApi } from '../../api/odata.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { linkPath } from '../human-resources/sources.ts';
import { assignRole, setStatus } from '../human-resources/user-role.ts';
import { createAppUser, giveRole, rolesOfUnit } from '../power-platform/app-user.ts';
import type { PasswordCredential } from '../power-platform/application.ts';
import type { SecurityRole } from '../security-roles/role-model.ts';
import { lacking, type Progress, recruitingRole } from './progress.ts';

/** Why a step that was begun with is not done. */
export interface Lack {
  readonly text: MessageKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** One step of the source document. */
export interface Step {
  readonly id: 'consent' | 'secret' | 'appUser' | 'role' | 'assign' | 'hrUser' | 'hrRole' | 'link';
  readonly title: MessageKey;
  readonly text: MessageKey;
  readonly button: MessageKey;
  /** What is missing; nothing where the step is done. */
  readonly lack: (progress: Progress) => Lack | undefined;
  /** Where the same is done by hand. */
  readonly href: (progress: Progress) => string;
  /** @returns the client secret, where the step makes one */
  readonly run: (api: ApiClient, progress: Progress) => Promise<string | undefined>;
}

const lack = (text: MessageKey, values?: Lack['values']): Lack => (values === undefined ? { text } : { text, values });

const isAlive = ({ endDateTime }: { readonly endDateTime: string }): boolean => new Date(endDateTime) > new Date();

/** Days that a new secret lives: what the form of secrets recommends. */
const secretDays = 180;

/** In the order of the document. Registering comes before all of them: without it there is nothing to look at. */
export const steps: readonly Step[] = [
  {
    id: 'consent',
    title: 'connect.consent',
    text: 'connect.consent.text',
    button: 'consent.admit',
    lack: ({ principal }) => {
      if (principal === undefined) return lack('consent.none');
      return principal.accountEnabled ? undefined : lack('consent.disabled');
    },
    href: ({ application }) => `/app-registrations/${application.id}`,
    run: async (api, { application: { appId }, principal }) => {
      if (principal === undefined) await api.change('POST', '/v1.0/servicePrincipals', { body: { appId } });
      else await api.change('PATCH', `/v1.0/servicePrincipals/${principal.id}`, { body: { accountEnabled: true } });
      return undefined;
    },
  },
  {
    id: 'secret',
    title: 'secrets.new',
    text: 'connect.secret.text',
    button: 'connect.secret.button',
    lack: ({ application: { passwordCredentials, keyCredentials } }) => {
      const all = [...passwordCredentials, ...keyCredentials];
      if (all.some(isAlive)) return undefined;
      return all.length === 0 ? lack('connect.secret.none') : lack('connect.secret.expired');
    },
    href: ({ application }) => `/app-registrations/${application.id}`,
    run: (api, { application }) => addSecret(api, application.id),
  },
  {
    id: 'appUser',
    title: 'appUsers.createTitle',
    text: 'connect.appUser.text',
    button: 'appUsers.create',
    lack: ({ user }) => {
      if (user === undefined) return lack('connect.appUser.none');
      return user.isdisabled ? lack('connect.appUser.disabled') : undefined;
    },
    href: ({ user }) => (user === undefined ? '/app-users/new' : `/app-users/${user.systemuserid}`),
    run: async (api, { application, user, rootUnit }) => {
      if (user === undefined) {
        await createAppUser(api, { applicationid: application.appId, unit: rootUnit, email: '', role: '' });
      } else {
        const headers = { 'If-Match': user['@odata.etag'] };
        await api.change('PATCH', `${webApi}/systemusers(${user.systemuserid})`, {
          body: { isdisabled: false },
          headers,
        });
      }
      return undefined;
    },
  },
  {
    id: 'role',
    title: 'connect.role',
    text: 'connect.role.text',
    button: 'connect.role.button',
    lack: (progress) => {
      if (lacking(progress.template, progress.userGrants).size === 0) return undefined;
      const missing = lacking(progress.template, progress.roleGrants);
      if (progress.role === undefined) return lack('connect.role.none');
      return missing.size === 0 ? undefined : lack('connect.role.less', { n: missing.size });
    },
    href: ({ role }) => (role === undefined ? '/security-roles/new' : `/security-roles/${role.roleid}`),
    run: makeRole,
  },
  {
    id: 'assign',
    title: 'connect.assign',
    text: 'connect.assign.text',
    button: 'connect.assign.button',
    lack: ({ template, userGrants, user }) => {
      const missing = lacking(template, userGrants);
      if (missing.size === 0) return undefined;
      return user?.systemuserroles_association.length
        ? lack('connect.assign.less', { n: missing.size })
        : lack('appUsers.noRole');
    },
    href: ({ user }) => (user === undefined ? '/app-users' : `/app-users/${user.systemuserid}`),
    run: assign,
  },
  {
    id: 'hrUser',
    title: 'connect.hrUser',
    text: 'connect.hrUser.text',
    button: 'connect.hrUser.button',
    lack: ({ hrUser, names }) => {
      if (hrUser === undefined) return lack('connect.hrUser.none', { user: names.hrUser });
      return hrUser.Enabled ? undefined : lack('connect.hrUser.disabled', { user: hrUser.UserID });
    },
    href: ({ hrUser }) => (hrUser === undefined ? '/hr-users/new' : `/hr-users/${encodeURIComponent(hrUser.UserID)}`),
    run: async (api, { hrUser, names: { hrUser: id } }) => {
      if (hrUser !== undefined) {
        const path = `/data/SystemUsers(${encodeURIComponent(literal(hrUser.UserID))})`;
        await api.change('PATCH', path, { body: { Enabled: true }, headers: { 'If-Match': hrUser['@odata.etag'] } });
        return undefined;
      }
      const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
      const word = { Alias: id, Email: id, NetworkDomain: id };
      await api.change('POST', '/data/SystemUsers', {
        body: { UserID: id, UserName: id, Enabled: true, ...word, ...language },
      });
      return undefined;
    },
  },
  {
    id: 'hrRole',
    title: 'connect.hrRole',
    text: 'connect.hrRole.text',
    button: 'hrUser.assignRoles',
    lack: ({ hrRoles }) => {
      const held = hrRoles.find((each) => each.SecurityRoleIdentifier === recruitingRole);
      if (held === undefined) return lack('connect.hrRole.none');
      return held.AssignmentStatus === 'Disabled' ? lack('connect.hrRole.off') : undefined;
    },
    href: ({ names }) => `/hr-users/${encodeURIComponent(names.hrUser)}`,
    run: async (api, { hrRoles, names }) => {
      const held = hrRoles.find((each) => each.SecurityRoleIdentifier === recruitingRole);
      if (held === undefined) await assignRole(api, names.hrUser, recruitingRole);
      else await setStatus(api, held, 'Enabled');
      return undefined;
    },
  },
  {
    id: 'link',
    title: 'connect.link',
    text: 'connect.link.text',
    button: 'connect.link.button',
    lack: ({ link, hrUser }) => {
      if (link === undefined) return lack('connect.link.none');
      return hrUser !== undefined && link.UserId === hrUser.UserID ? undefined : lack('connect.link.nobody');
    },
    href: ({ link, application }) =>
      link === undefined ? '/hr-applications/new' : `/hr-applications/${application.appId}`,
    run: async (api, { link, application: { appId, displayName }, names: { hrUser: UserId } }) => {
      if (link === undefined) {
        const body = { AADClientId: appId, Name: displayName, UserId };
        await api.change('POST', '/data/SysAADClients', { body });
      } else {
        await api.change('PATCH', linkPath(appId), { body: { UserId }, headers: { 'If-Match': link['@odata.etag'] } });
      }
      return undefined;
    },
  },
];

/** A new secret of an application. It is in the answer and nowhere else. */
export async function addSecret(api: ApiClient, applicationId: string): Promise<string> {
  const endDateTime = new Date(Date.now() + secretDays * 86_400_000).toISOString();
  const { secretText } = await api.change<PasswordCredential & { readonly secretText: string }>(
    'POST',
    `/v1.0/applications/${applicationId}/addPassword`,
    { body: { passwordCredential: { endDateTime } } },
  );
  return secretText;
}

/** Makes the role, or gives the one that has the name what it lacks. What it has besides stays. */
async function makeRole(api: ApiClient, { role, names, rootUnit, template, roleGrants }: Progress): Promise<undefined> {
  const made =
    role ??
    (await api.change<SecurityRole>('POST', `${webApi}/roles?$select=name,_businessunitid_value`, {
      headers: { Prefer: 'return=representation' },
      body: { name: names.role, 'businessunitid@odata.bind': `/businessunits(${rootUnit})` },
    }));
  const Privileges = [...lacking(template, roleGrants)].map(([PrivilegeId, Depth]) => ({
    ...{ PrivilegeId, Depth },
    BusinessUnitId: made._businessunitid_value,
  }));
  const path = `${webApi}/roles(${made.roleid})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
  return api.change('POST', path, { body: { Privileges } });
}

/** Users are given the copy of a role that is in their own business unit. */
async function assign(api: ApiClient, { user, names }: Progress): Promise<undefined> {
  if (user === undefined) throw new Error('an application user is assigned a role before it is there');
  const roles = await rolesOfUnit(api, user._businessunitid_value);
  const copy = roles.find(({ name }) => name === names.role);
  if (copy === undefined) throw new Error(`there is no role ${names.role} in the user's business unit`);
  return giveRole(api, user.systemuserid, copy.roleid);
}
