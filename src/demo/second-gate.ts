import { mainCompany } from './companies.ts';
import type { SeedClient } from './seed-client.ts';

/** The predefined role Rekrutteringsprogram (human-resources-security 2.7). */
const recruitingRole = {
  SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
  SecurityRoleName: 'Recruiting application',
};

/** An application without a directory account has one made-up word for e-mail and provider (source document, step A2). */
const madeUpWord = 'RekrutteringApp';

/** Steps A1 to A5 of the source document: a Human Resources user with the role Rekrutteringsprogram. */
export async function createHrUser(client: SeedClient, userId: string): Promise<void> {
  await client.data('POST', 'SystemUsers', {
    UserID: userId,
    UserName: userId,
    Alias: madeUpWord,
    Email: madeUpWord,
    NetworkDomain: madeUpWord,
    Company: mainCompany,
    Enabled: true,
    UserInfo_language: 'en-us',
    Helplanguage: 'en-us',
  });
  await client.data('POST', 'SecurityUserRoleAssociations', { UserId: userId, ...recruitingRole });
}

/** Steps B1 to B5: calls of the client id run as the Human Resources user. */
export async function linkApplication(
  client: SeedClient,
  clientId: string,
  name: string,
  userId: string,
): Promise<void> {
  await client.data('POST', 'SysAADClients', { AADClientId: clientId, Name: name, UserId: userId });
}
