import { CliError } from '../cli-error.ts';
import type { Check, Finding } from './check.ts';

/** Tokens that are some minutes off are refused by verifiers (RFC 7519 section 4.1.4 leaves them "no more than a few"). */
const mostSecondsApart = 300;

/** Is there a server, does it know the tenant, and may the administrator look? */
export const serverChecks: readonly Check[] = [
  {
    id: 'server',
    place: 'server',
    statement: 'the Web API answers at API_URL',
    needs: [],
    find: (facts) =>
      orTold(async () => {
        const { status } = await facts.greeting();
        if (status === 401) return undefined;
        const { apiUrl } = facts.admin.target;
        return {
          what: `${apiUrl}/api/data/v9.2/ answers ${status} to a call without a token, not 401`,
          fix: 'check API_URL',
        };
      }),
  },
  {
    id: 'clock',
    place: 'server',
    statement: 'the clocks of this machine and the server agree',
    needs: ['server'],
    async find(facts) {
      const { headers } = await facts.greeting();
      const apart = Math.round((Date.parse(String(headers['date'])) - facts.now.getTime()) / 1000);
      if (!(Math.abs(apart) > mostSecondsApart)) return undefined;
      return { what: `the server's clock is ${apart} seconds ahead of this machine's`, fix: 'set both by NTP' };
    },
  },
  {
    id: 'tenant',
    place: 'server',
    statement: 'the authority knows the tenant',
    needs: ['server'],
    find: (facts) =>
      orTold(async () => {
        const { status } = await facts.discovery();
        if (status === 200) return undefined;
        const { authorityUrl } = facts.admin.target;
        return { what: `${authorityUrl} answers ${status} to discovery`, fix: 'check the tenant id in AUTHORITY_URL' };
      }),
  },
  {
    id: 'administrator',
    place: 'server',
    statement: 'the administrator gets a token',
    needs: ['tenant'],
    find: ({ admin }) => orTold(async () => void (await admin.token(admin.scopeOf('environment')))),
  },
  {
    id: 'administrator-graph',
    place: 'server',
    statement: 'the administrator may read app registrations',
    needs: ['administrator'],
    find: (facts) => orTold(async () => void (await facts.registrations())),
  },
  {
    id: 'administrator-web-api',
    place: 'server',
    statement: 'the administrator may read application users',
    needs: ['administrator'],
    find: (facts) => orTold(async () => void (await facts.users())),
  },
  {
    id: 'administrator-data',
    place: 'server',
    statement: 'the administrator may read application links and users of Human Resources',
    needs: ['administrator'],
    find: (facts) => orTold(async () => void (await facts.links())),
  },
];

/** What a request was refused with, as a finding. */
export async function orTold(look: () => Promise<Finding | undefined>): Promise<Finding | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { what: error.message, fix: error.fix ?? 'see docs/refusals.md for this code' };
  }
}
