import { parseRow } from '../../session.ts';
import { compareValues, type Kind, sameName } from '../kind.ts';
import type { ApplicationSetup } from '../setup.ts';

/** App registrations, by Microsoft Graph's requests. One that is there without its service principal gets it. */
export const applications: Kind<ApplicationSetup> = {
  kind: 'applications',
  nameOf: ({ name }) => name,
  async read(session) {
    const rows = await session.all(session.graph, 'applications?$select=displayName,signInAudience');
    return rows.map((row) => ({
      name: String(row['displayName']),
      audience: row['signInAudience'] === 'AzureADMultipleOrgs' ? 'AzureADMultipleOrgs' : 'AzureADMyOrg',
    }));
  },
  compare: (wanted, current) => compareValues(wanted, current, ['audience']),
  async apply(session, { name, audience = 'AzureADMyOrg' }, current) {
    const body = { displayName: name, signInAudience: audience };
    if (current !== undefined) {
      const rows = await session.all(session.graph, 'applications?$select=id,displayName');
      const row = rows.find((each) => sameName(String(each['displayName']), name));
      await session.graph(`applications/${row?.['id']}`, { method: 'PATCH', body });
      return;
    }
    const { appId } = parseRow(await session.graph('applications', { method: 'POST', body }));
    await session.graph('servicePrincipals', { method: 'POST', body: { appId } });
  },
};
