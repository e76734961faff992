import type { Check } from './check.ts';
import { type Facts, findNearMiss, isSame } from './facts.ts';

/** Rows of the applications form that the platform has for itself (human resources: platform applications). */
const platform = {
  clientIds: ['61a0518c-121a-421a-9ad6-f0955a88be43', 'f1752846-f0df-4766-96f5-c109adf67d7f'],
  user: 'PowerPlatformApp',
  role: 'CDSVirtualEntityApplication',
} as const;

const recruitingRole = 'HcmRecruitingIntegrator';
const administratorRole = '-SYSADMIN-';
/** Every user has it; it gives no data. */
const automaticRole = 'SYSTEMUSER';

/** Does Human Resources let the application to the data? */
export const gateTwoChecks: readonly Check[] = [
  {
    id: 'platform-link',
    place: 'gate two',
    statement: "the platform's own application rows are there",
    needs: ['administrator-data'],
    async find(facts) {
      const [missing] = await missingPlatformLinks(facts);
      if (missing === undefined) return undefined;
      const what = `the row of the platform's application ${missing} was removed: no virtual table answers anybody`;
      return { what, fix: `portvakt link add ${missing} ${platform.user}` };
    },
  },
  {
    id: 'platform-user',
    place: 'gate two',
    statement: "the platform's user is there, enabled, and may call the virtual table service",
    needs: ['administrator-data'],
    async find(facts) {
      const user = await facts.hrUserNamed(platform.user);
      if (user === undefined)
        return { what: `the user ${platform.user} is missing`, fix: `portvakt hr-user add ${platform.user}` };
      if (isDisabled(user['Enabled'])) {
        return { what: `the user ${platform.user} is disabled`, fix: `portvakt hr-user enable ${platform.user}` };
      }
      const roles = await facts.rolesOf(platform.user);
      if (roles.some((role) => isSame(role, platform.role) || role === administratorRole)) return undefined;
      const what = `the user ${platform.user} has not the role ${platform.role}`;
      return { what, fix: `portvakt hr-user grant ${platform.user} ${platform.role}` };
    },
  },
  {
    id: 'link',
    place: 'gate two',
    statement: 'the client id is linked to a Human Resources user',
    needs: ['administrator-data', 'registration'],
    async find(facts) {
      if ((await facts.link()) !== undefined) return undefined;
      const near = findNearMiss(
        facts.clientId,
        (await facts.links()).map((row) => row['AADClientId']),
      );
      const what = `no row of Azure Active Directory applications has the client id ${facts.clientId}`;
      return {
        what: near === undefined ? what : `${what}; there is one with '${near}', which looks much like it`,
        fix: `portvakt link add ${facts.clientId} '<user id>'`,
      };
    },
  },
  {
    id: 'linked-user',
    place: 'gate two',
    statement: 'the user of the link exists',
    needs: ['link'],
    async find(facts) {
      if ((await facts.hrUser()) !== undefined) return undefined;
      const userId = (await facts.link())?.['UserId'];
      if (!userId)
        return { what: 'the link names no user', fix: `portvakt link remove ${facts.clientId}, then link add` };
      return { what: `there is no user ${userId}`, fix: `portvakt hr-user add ${userId}` };
    },
  },
  {
    id: 'hr-user-enabled',
    place: 'gate two',
    statement: 'that user is enabled',
    needs: ['linked-user'],
    async find(facts) {
      const user = await facts.hrUser();
      if (!isDisabled(user?.['Enabled'])) return undefined;
      return { what: `the user ${user?.['UserID']} is disabled`, fix: `portvakt hr-user enable ${user?.['UserID']}` };
    },
  },
  {
    id: 'hr-role',
    place: 'gate two',
    statement: `that user has the role ${recruitingRole}, or another one that gives data`,
    needs: ['linked-user'],
    async find(facts) {
      const userId = (await facts.hrUser())?.['UserID'];
      const roles = (await facts.rolesOf(userId)).filter((role) => !isSame(role, automaticRole));
      if (roles.some((role) => role === recruitingRole || role === administratorRole)) return undefined;
      const fix = `portvakt hr-user grant ${userId} ${recruitingRole}`;
      if (roles.length === 0) return { what: `the user ${userId} has no role`, fix };
      return { what: `the user ${userId} has ${roles.join(', ')}, not ${recruitingRole}`, fix, isWarning: true };
    },
  },
  {
    id: 'company',
    place: 'gate two',
    statement: 'the company of that user is a legal entity',
    needs: ['linked-user'],
    async find(facts) {
      const user = await facts.hrUser();
      const companies = (await facts.legalEntities()).map((row) => String(row['LegalEntityId'])).sort();
      if (companies.some((company) => isSame(company, user?.['Company']))) return undefined;
      const what = `the company of the user is ${user?.['Company'] || 'empty'}; there are ${companies.join(', ') || 'none'}`;
      return {
        what,
        fix: `portvakt call "/data/SystemUsers('${user?.['UserID']}')" '{"Company": "<id>"}' --method PATCH --as admin`,
      };
    },
  },
  {
    id: 'organizations',
    place: 'gate two',
    statement: 'the recruiting role holds in the company of that user',
    needs: ['hr-role', 'company'],
    async find(facts) {
      const user = await facts.hrUser();
      const scopes = (await facts.organizations()).filter(
        (row) => isSame(row['UserId'], user?.['UserID']) && row['SecurityRoleIdentifier'] === recruitingRole,
      );
      if (scopes.length === 0 || scopes.some((row) => isSame(row['OrganizationId'], user?.['Company'])))
        return undefined;
      const held = scopes.map((row) => row['OrganizationId']).join(', ');
      const what = `the role holds in ${held} only, not in ${user?.['Company']}: rows of other legal entities are not seen`;
      const body = JSON.stringify({
        ...{ UserId: user?.['UserID'], SecurityRoleIdentifier: recruitingRole },
        ...{ OrganizationType: 'LegalEntity', OrganizationId: user?.['Company'] },
      });
      return { what, fix: `portvakt call /data/SecurityUserRoleOrganizations '${body}' --as admin`, isWarning: true };
    },
  },
];

async function missingPlatformLinks(facts: Facts): Promise<readonly string[]> {
  const there = (await facts.links()).map((row) => String(row['AADClientId']).toLowerCase());
  return platform.clientIds.filter((id) => !there.includes(id));
}

/** Booleans are words in some versions of the product. */
const isDisabled = (enabled: unknown): boolean => enabled === false || enabled === 'No';
