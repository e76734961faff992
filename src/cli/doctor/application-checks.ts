import { parseRows, type Row } from '../session.ts';
import type { Check } from './check.ts';
import { type Facts, findNearMiss } from './facts.ts';
import { orTold } from './server-checks.ts';

const day = 86_400_000;
/** Days before the end of the last credential at which somebody should know. */
const warningDays = 14;

/** Has the application what it needs to get a token? */
export const applicationChecks: readonly Check[] = [
  {
    id: 'registration',
    place: 'application',
    statement: 'the client id is registered in the tenant, or admitted to it',
    needs: ['administrator-graph'],
    async find(facts) {
      if ((await facts.registration()) ?? (await facts.principal())) return undefined;
      const near = findNearMiss(
        facts.clientId,
        (await facts.registrations()).map((row) => row['appId']),
      );
      const what = `no application has the client id ${facts.clientId}`;
      if (near !== undefined) return { what: `${what}; ${near} looks much like it`, fix: `use the client id ${near}` };
      return { what, fix: "portvakt app create '<name>'" };
    },
  },
  {
    id: 'consent',
    place: 'application',
    statement: 'the application has a service principal in the tenant',
    needs: ['registration'],
    async find(facts) {
      if ((await facts.principal()) !== undefined) return undefined;
      const what = `${facts.clientId} is registered, but was never admitted to the tenant, or was withdrawn`;
      return { what, fix: `portvakt app admit ${facts.clientId}` };
    },
  },
  {
    id: 'principal-enabled',
    place: 'application',
    statement: 'its service principal is enabled',
    needs: ['consent'],
    async find(facts) {
      if ((await facts.principal())?.['accountEnabled'] !== false) return undefined;
      return { what: 'the service principal is disabled', fix: `portvakt app enable ${facts.clientId}` };
    },
  },
  {
    id: 'credential',
    place: 'application',
    statement: 'it has a secret, a certificate or a federated credential',
    needs: ['registration'],
    async find(facts) {
      const registration = await facts.registration();
      // An application of another tenant has its credentials there.
      if (registration === undefined || credentialsOf(registration).length > 0) return undefined;
      if ((await federatedOf(facts, registration)).length > 0) return undefined;
      return { what: 'the application has no credential', fix: `portvakt app add-secret ${facts.clientId}` };
    },
  },
  {
    id: 'credential-valid',
    place: 'application',
    statement: 'one of its credentials is valid now',
    needs: ['credential'],
    async find(facts) {
      const all = credentialsOf((await facts.registration()) ?? {});
      if (all.length === 0 || all.some(({ from, to }) => from <= facts.now && facts.now < to)) return undefined;
      const waiting = all.filter(({ from }) => from > facts.now);
      const what = waiting.length > 0 ? 'no credential is valid yet' : 'every credential has expired';
      return { what, fix: `portvakt app add-secret ${facts.clientId}` };
    },
  },
  {
    id: 'credential-lasts',
    place: 'application',
    statement: `a credential is valid for ${warningDays} days yet`,
    needs: ['credential-valid'],
    async find(facts) {
      const all = credentialsOf((await facts.registration()) ?? {});
      const last = Math.max(...all.map(({ to }) => to.getTime()));
      if (all.length === 0 || last - facts.now.getTime() > warningDays * day) return undefined;
      const what = `the last credential expires at ${new Date(last).toISOString()}`;
      return { what, fix: `portvakt app add-secret ${facts.clientId}`, isWarning: true };
    },
  },
  {
    id: 'token',
    place: 'application',
    statement: 'the application gets a token with the secret that is given',
    needs: ['tenant', 'principal-enabled', 'credential-valid'],
    async find({ application }) {
      if (application === undefined) return undefined;
      return orTold(async () => void (await application.token(application.scopeOf('environment'))));
    },
  },
];

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

function credentialsOf({ passwordCredentials, keyCredentials }: Row): readonly Validity[] {
  const all = [...parseRows(passwordCredentials ?? []), ...parseRows(keyCredentials ?? [])];
  return all.map((row) => ({ from: new Date(String(row['startDateTime'])), to: new Date(String(row['endDateTime'])) }));
}

const federatedOf = ({ admin }: Facts, { id }: Row): Promise<readonly Row[]> =>
  admin.all(admin.graph, `applications/${id}/federatedIdentityCredentials`);
