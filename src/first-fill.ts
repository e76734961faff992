import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { writePrivateFile } from './data-folder.ts';
import { LocalClient } from './demo/local-client.ts';
import { demoVolumes } from './demo/organisation.ts';
import { type DemoPlace, renewDemoEnv, setUpDemo } from './demo/set-up-demo.ts';
import { welcomeText } from './demo/welcome.ts';
import type { Administrator, FirstEnvironment } from './environment/first-environment.ts';
import { parseEnvLines, shellQuote } from './kernel/env-file.ts';
import { type ClientId, parseGuid, type TenantId } from './kernel/ids.ts';
import { closedMetrics } from './metrics/surface.ts';
import { createRoutes } from './routes.ts';
import type { Opened, Parts } from './surfaces.ts';
import { createClientCertificate } from './tls/development-ca.ts';

/** Sets up what a new installation begins with, then marks it ready: until then a start begins anew. */
export async function fill(parts: Parts, opened: Opened, first: FirstEnvironment): Promise<void> {
  const { config, installation, log } = parts;
  log.info('setting up a new installation', { seed: config.seed, folder: parts.folder.path });
  if (config.seed === 'demo') await fillDemo(parts, opened, first);
  else await writePrivateFile(parts.folder.adminEnv, adminEnv(parts, first.administrator));
  await first.database.analyze();
  await installation.markReady(first.record.id);
}

async function fillDemo(parts: Parts, opened: Opened, first: FirstEnvironment): Promise<void> {
  const { folder, url, clock, log } = parts;
  const { administrator, record } = first;
  const surface = createRoutes({ ...opened.surfaces, metrics: closedMetrics, isReady: () => true });
  const client = new LocalClient(surface, url, administrator);
  const text = await setUpDemo({
    ...placeOf(parts, record.tenantId),
    client,
    administrator,
    registerCertificate: (id) => registerDemoCertificate(parts, client, id),
    today: clock(),
    log,
  });
  await writePrivateFile(folder.demoEnv, text);
}

/** The demo ATS's certificate: private key in the data folder, public part at its app registration. */
async function registerDemoCertificate({ folder, clock }: Parts, client: LocalClient, id: string): Promise<void> {
  const { pem, certificate } = await createClientCertificate('Demo ATS', clock());
  await writePrivateFile(folder.demoCertificate, pem);
  const key = certificate.replace(/-----[^-]+-----|\s/g, '');
  const credential = { type: 'AsymmetricX509Cert', usage: 'Verify', displayName: 'demo', key };
  await client.graph('PATCH', `applications/${id}`, { keyCredentials: [credential] });
}

function placeOf({ folder, url, config }: Parts, tenantId: string): DemoPlace {
  const ownCa = config.tls.enabled && config.tls.certFile === undefined;
  return {
    apiUrl: url,
    tenantId,
    certificateFile: folder.demoCertificate,
    caFile: ownCa ? folder.ca : undefined,
  };
}

/** What an installation without the demo leaves: its one administrator, in the shape of `demo.env`. */
export function adminEnv(parts: Parts, administrator: Administrator): string {
  const { apiUrl, tenantId, caFile } = placeOf(parts, administrator.tenantId);
  const lines = {
    API_URL: apiUrl,
    AUTHORITY_URL: `${apiUrl}/${tenantId}`,
    TENANT_ID: tenantId,
    ADMIN_CLIENT_ID: administrator.clientId,
    ADMIN_CLIENT_SECRET: administrator.clientSecret,
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${shellQuote(value)}\n`)
    .join('');
}

/** On later starts: `demo.env`, or `admin.env`, follows when the port, the URL or the folder has changed. */
export async function renewFiles(parts: Parts, { environments }: Opened): Promise<void> {
  const { tenantId } = environments.first.record;
  const text = await renewDemoEnv(parts.folder.demoEnv, placeOf(parts, tenantId));
  if (text !== undefined) await writePrivateFile(parts.folder.demoEnv, text);
  const administrator = await readAdministrator(parts.folder.adminEnv, tenantId);
  if (administrator !== undefined) await writePrivateFile(parts.folder.adminEnv, adminEnv(parts, administrator));
}

/** The administrator that `admin.env` names, if there is such a file. */
async function readAdministrator(file: string, tenantId: TenantId): Promise<Administrator | undefined> {
  const values = parseEnvLines(await readFile(file, 'utf8').catch(() => ''));
  const clientId = parseGuid<ClientId>(values.get('ADMIN_CLIENT_ID') ?? '');
  const clientSecret = values.get('ADMIN_CLIENT_SECRET');
  return clientId === undefined || clientSecret === undefined ? undefined : { tenantId, clientId, clientSecret };
}

/** What the first start prints. */
export function welcomeOf(parts: Parts, { record }: FirstEnvironment): string {
  const { folder, config, url } = parts;
  const { apiUrl, tenantId, caFile } = placeOf(parts, record.tenantId);
  if (config.seed === 'empty')
    return `An empty organisation is ready at ${url}; its administrator is in ${folder.adminEnv}`;
  return welcomeText({
    apiUrl,
    authorityUrl: `${apiUrl}/${tenantId}`,
    envFile: typed(folder.demoEnv),
    ...(caFile === undefined ? {} : { caFile: typed(caFile) }),
    volumes: demoVolumes(),
  });
}

/** A path as the reader would type it here. */
function typed(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
