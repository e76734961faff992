import { usageError } from '../../cli-error.ts';
import { pickByName } from '../../lookups.ts';
import type { Session } from '../../session.ts';

/** How entries of a file name an application. */
export interface OfApplication {
  readonly application?: string;
  readonly clientId?: string;
}

/** Name by which two entries are about the same application. */
export const nameOfApplication = ({ application, clientId }: OfApplication): string => application ?? clientId ?? '';

/** @throws CliError when the tenant has no application of that name */
export async function clientIdOf(session: Session, { application, clientId }: OfApplication): Promise<string> {
  if (clientId !== undefined) return clientId;
  if (application === undefined) throw usageError('an entry names no application');
  const rows = await session.all(session.graph, 'applications?$select=appId,displayName');
  return String(pickByName(rows, 'application', 'displayName', application)['appId']);
}

/** Names of the tenant's applications by client id. */
export async function applicationNames(session: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await session.all(session.graph, 'applications?$select=appId,displayName');
  return new Map(rows.map((row) => [String(row['appId']).toLowerCase(), String(row['displayName'])]));
}

/** An application as a file names it: by its name where the tenant has it, for names outlive a move to another tenant. */
export function describeApplication(names: ReadonlyMap<string, string>, clientId: string): OfApplication {
  const application = names.get(clientId.toLowerCase());
  return application === undefined ? { clientId } : { application };
}
