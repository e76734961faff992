import { graphAppRoles } from '../directory/app-roles.ts';
import type { Directory } from '../directory/directory.ts';
import { installationRoles, recruitingRole } from '../directory/installation-roles.ts';
import { webAppClientId } from '../directory/web-app-applications.ts';
import type { Clock } from '../kernel/clock.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { OperatorRole } from '../kernel/operator.ts';
import { Refusal } from '../kernel/refusal.ts';
import { storedMoment } from '../sign-in/rows.ts';
import type { FindPlace } from '../sign-in/web-app-place.ts';
import { applicationsOf, type Environment } from './environment.ts';
import type { Environments } from './environments.ts';

/** What the web app's own applications are called, and their application permissions. */
const applications: Readonly<Record<OperatorRole, { readonly name: string; readonly appRoles: readonly string[] }>> = {
  full: {
    name: 'Portvakt web app',
    appRoles: [...graphAppRoles.map(({ value }) => value), installationRoles.readWrite],
  },
  readOnly: {
    name: 'Portvakt web app, read only',
    appRoles: ['Application.Read.All', installationRoles.read],
  },
  recruiting: { name: 'Portvakt web app, recruiting', appRoles: [recruitingRole] },
};

/** Milliseconds until it is looked again whether an application still has its rights. */
const trustedFor = 5 * 60_000;

interface Admitted {
  readonly until: number;
  readonly done: Promise<void>;
}

/** The environments as the web app sees them. */
export function webAppPlaces(environments: Environments, directory: Directory, clock: Clock): FindPlace {
  const admitted = new Map<string, Admitted>();
  const admit = (environment: Environment, role: OperatorRole): Promise<void> => {
    const key = `${environment.record.id} ${role}`;
    const now = clock().getTime();
    const known = admitted.get(key);
    if (known !== undefined && known.until > now) return known.done;
    const done = admitTo(environment, directory, role, clock());
    admitted.set(key, { until: now + trustedFor, done });
    done.catch(() => admitted.delete(key));
    return done;
  };
  return (host) => {
    const environment = environments.find(host);
    if (environment === undefined) return undefined;
    const { name, uniqueName, tenantId } = environment.record;
    const isHome = tenantId === environments.first.record.tenantId;
    const url = environment.publicUrl;
    return { name, uniqueName, url, tenantId, isHome, admit: (role) => admit(environment, role) };
  };
}

async function admitTo(environment: Environment, directory: Directory, role: OperatorRole, now: Date): Promise<void> {
  const { tenantId } = environment.record;
  await seeToApplication(directory, tenantId, role);
  const application = await applicationsOf(directory, tenantId).find(webAppClientId(role));
  if (application === undefined) throw new TypeError('the web app has no service principal');
  await environment.admitWebApp({ role, application, moment: storedMoment(now) });
}

/** The ordinary operations of the directory. No credential is given to it, ever. */
async function seeToApplication(directory: Directory, tenantId: TenantId, role: OperatorRole): Promise<void> {
  const clientId = webAppClientId(role);
  const { name: displayName, appRoles } = applications[role];
  const find = () => directory.current.findServicePrincipal(tenantId, clientId);
  if (directory.current.findApplication(clientId) === undefined) {
    await unlessThere(directory.createApplication({ tenantId, displayName, clientId }));
  }
  if (find() === undefined) await unlessThere(directory.createServicePrincipal({ tenantId, clientId }));
  const principal = find();
  if (principal === undefined) throw new TypeError('the web app has no service principal');
  if (!principal.accountEnabled) await directory.setServicePrincipalEnabled(principal.id, true);
  for (const appRole of appRoles) {
    if (!principal.appRoles.includes(appRole)) await unlessThere(directory.grantAppRole(principal.id, appRole));
  }
}

/** Another process may have been faster: what is missing all the same is told by who looks next. */
async function unlessThere(done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
}
