import { builtInModel } from '../metadata/built-in.ts';
import {
  type AppCredentials,
  assignSecurityRole,
  createApplicationUser,
  createSecurityRole,
  findRootBusinessUnit,
  registerApplication,
} from './first-gate.ts';
import { integrationPrivileges, readerPrivileges } from './role-privileges.ts';
import { createHrUser, linkApplication } from './second-gate.ts';
import type { SeedClient } from './seed-client.ts';

/** The applications of the demo. Each of the others lacks one thing that the ATS has. */
export interface DemoPrincipals {
  /** Passes both gates. */
  readonly ats: AppCredentials;
  /** Registered, but no application user. */
  readonly stranger: AppCredentials;
  /** Application user without a security role. */
  readonly roleless: AppCredentials;
  /** A security role that only reads. */
  readonly reader: AppCredentials;
  /** The ATS's security role, but no application link. */
  readonly unlinked: AppCredentials;
}

/** The source document's sample user id. */
const atsHrUser = 'RekrutteringIntegrasjon';
const readerHrUser = 'RekrutteringLeser';

/**
 * Walks the source document's procedure for the demo ATS, and the part of it that each of the others gets.
 * The company `usmf` must exist, because it is where the Human Resources users start.
 * @param environmentUrl without a trailing slash
 */
export async function createPrincipals(client: SeedClient, environmentUrl: string): Promise<DemoPrincipals> {
  const model = builtInModel();
  const unit = await findRootBusinessUnit(client);
  const atsRole = await createSecurityRole(client, 'Rekrutteringsintegrasjon', integrationPrivileges(model), unit);
  const readerRole = await createSecurityRole(client, 'Rekrutteringsintegrasjon lesing', readerPrivileges(model), unit);

  const member = async (name: string, role?: string): Promise<AppCredentials> => {
    const app = await registerApplication(client, name);
    const user = await createApplicationUser(client, app.clientId, unit);
    if (role !== undefined) await assignSecurityRole(client, user, role, environmentUrl);
    return app;
  };

  const ats = await member('Demo ATS', atsRole);
  await createHrUser(client, atsHrUser);
  await linkApplication(client, ats.clientId, 'Demo ATS', atsHrUser);

  const stranger = await registerApplication(client, 'Demo stranger');
  const roleless = await member('Demo without role');
  const reader = await member('Demo reader', readerRole);
  await createHrUser(client, readerHrUser);
  await linkApplication(client, reader.clientId, 'Demo reader', readerHrUser);
  const unlinked = await member('Demo without link', atsRole);
  return { ats, stranger, roleless, reader, unlinked };
}
