import { parseRow, parseRows } from '../session.ts';
import { atsRights, atsTables } from './ats-tables.ts';
import type { Check } from './check.ts';
import { type Facts, findNearMiss } from './facts.ts';

/** Does Dataverse let the application to the tables? */
export const gateOneChecks: readonly Check[] = [
  {
    id: 'application-user',
    place: 'gate one',
    statement: 'an application user stands for the client id',
    needs: ['administrator-web-api', 'registration', 'consent'],
    async find(facts) {
      if ((await facts.user()) !== undefined) return undefined;
      const near = findNearMiss(
        facts.clientId,
        (await facts.users()).map((row) => row['applicationid']),
      );
      const what = `no application user has the client id ${facts.clientId}`;
      return {
        what: near === undefined ? what : `${what}; there is one with ${near}, which looks much like it`,
        fix: `portvakt user add ${facts.clientId}`,
      };
    },
  },
  {
    id: 'user-enabled',
    place: 'gate one',
    statement: 'the application user is enabled',
    needs: ['application-user'],
    async find(facts) {
      if ((await facts.user())?.['isdisabled'] !== true) return undefined;
      return { what: 'the application user is disabled', fix: `portvakt user enable ${facts.clientId}` };
    },
  },
  {
    id: 'unit-enabled',
    place: 'gate one',
    statement: 'its business unit is enabled',
    needs: ['application-user'],
    async find(facts) {
      const unit = parseRow((await facts.user())?.['businessunitid'] ?? {});
      if (unit['isdisabled'] !== true) return undefined;
      const what = `the business unit ${unit['name']} is disabled, and its users with it`;
      return {
        what,
        fix: `portvakt call '/api/data/v9.2/businessunits(${unit['businessunitid']})' '{"isdisabled": false}' --method PATCH --as admin`,
      };
    },
  },
  {
    id: 'security-role',
    place: 'gate one',
    statement: 'the application user has a security role, by itself or through a team',
    needs: ['application-user'],
    async find(facts) {
      if ((await facts.privileges()).size > 0) return undefined;
      if ((await roleCount(facts)) > 0) return undefined;
      return { what: 'it has no security role', fix: `portvakt user grant ${facts.clientId} '<role>'` };
    },
  },
  ...atsRights.map(
    (right): Check => ({
      id: `privilege-${right.toLowerCase()}`,
      place: 'gate one',
      statement: `its roles have ${right} on the forty tables of the ATS integration`,
      needs: ['security-role'],
      find: (facts) => findMissing(facts, right),
    }),
  ),
];

async function roleCount({ admin, user }: Facts): Promise<number> {
  const id = (await user())?.['systemuserid'];
  const path = `systemusers(${id})?$select=fullname&$expand=systemuserroles_association($select=name)`;
  return parseRows(parseRow(await admin.webApi(path))['systemuserroles_association'] ?? []).length;
}

async function findMissing(facts: Facts, right: string) {
  const held = await facts.privileges();
  const missing = atsTables.map((table) => `prv${right}${table}`).filter((name) => !held.has(name.toLowerCase()));
  if (missing.length === 0) return undefined;
  const [first, ...others] = missing;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return { what: `${first}${more} is missing`, fix: `portvakt role allow '<role>' ${missing.join(' ')}` };
}
