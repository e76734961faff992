import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditKeeper } from '../../../src/audit/audit-keeper.ts';
import { AuditLog } from '../../../src/audit/audit-log.ts';
import { readAudit } from '../../../src/audit/read-audit.ts';
import { parseConfig } from '../../../src/config.ts';
import { openDataFolder } from '../../../src/data-folder.ts';
import { LocalClient } from '../../../src/demo/local-client.ts';
import { Installation } from '../../../src/environment/installation.ts';
import { type Listener, listen } from '../../../src/http/listener.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { Surface } from '../../../src/kernel/http.ts';
import { type Log, silentLog } from '../../../src/kernel/log.ts';
import { silentProbe } from '../../../src/kernel/probe.ts';
import { closedMetrics } from '../../../src/metrics/surface.ts';
import { createRoutes } from '../../../src/routes.ts';
import { openAudit } from '../../../src/storage/open-audit.ts';
import { openSurfaces } from '../../../src/surfaces.ts';
import { ensureDevelopmentCertificates } from '../../../src/tls/development-ca.ts';
import { Traffic } from '../../../src/traffic/traffic.ts';
import { type FuzzCaller, type Organisation, setUpOrganisation } from './organisation.ts';

/** A whole server in this process, with a small organisation of which the callers may see a part. */
export interface FuzzWorld extends Organisation {
  readonly surface: Surface;
  readonly host: string;
  /** Access tokens. */
  readonly tokens: Readonly<Record<FuzzCaller, string>>;
  /** Errors that the server has logged since this was asked last: each is a fault of ours. */
  takeFaults(): readonly string[];
  /** The same surface over real HTTPS; its CA is in `caFile`. */
  listen(): Promise<Listener>;
  readonly caFile: string;
  close(): Promise<void>;
}

const url = 'https://localhost:8443';

/** Opens one on a database of its own. */
export async function openFuzzWorld(databaseUrl: string | undefined): Promise<FuzzWorld> {
  const path = await mkdtemp(join(tmpdir(), 'portvakt-fuzz-'));
  const closing: (() => Promise<void>)[] = [() => rm(path, { recursive: true })];
  const close = async (): Promise<void> => {
    for (let next = closing.pop(); next !== undefined; next = closing.pop()) await next();
  };
  const faults: string[] = [];
  const log: Log = { ...silentLog, error: (message, fields) => faults.push(`${message} ${JSON.stringify(fields)}`) };
  const folder = await openDataFolder(path);
  const place = { dataFolder: path, environmentsFolder: folder.environments, databaseUrl };
  const installation = await Installation.open(place, systemClock);
  closing.push(() => installation.close());
  const store = await openAudit(installation.auditLocation);
  const audit = new AuditLog({ store, log });
  closing.push(() => audit.close());
  const { surfaces, first } = await openSurfaces({
    ...{ folder, installation, url, log, audit, probe: silentProbe, traffic: new Traffic({ workers: 1 }) },
    config: parseConfig({ PORTVAKT_DATA: path, PORTVAKT_SEED: 'empty' }),
    port: 8443,
    clock: systemClock,
    readAudit: (query) => readAudit(store, query),
    auditKeeper: createAuditKeeper(store, audit, systemClock),
    cover: async () => undefined,
    onClose: (each) => closing.push(each),
  });
  if (first === undefined) throw new TypeError('the installation is not new');
  const surface = createRoutes({ ...surfaces, metrics: closedMetrics, isReady: () => true });
  const client = new LocalClient(surface, url, first.administrator);
  const organisation = await setUpOrganisation(client, url, first.administrator);
  return {
    ...organisation,
    surface,
    host: new URL(url).host,
    tokens: await tokensOf(surface, first.administrator.tenantId, organisation),
    takeFaults: () => faults.splice(0),
    async listen() {
      const tls = await ensureDevelopmentCertificates(folder.tls, ['localhost'], systemClock);
      const listener = await listen({ host: '127.0.0.1', port: 0, tls, surface, log });
      closing.push(() => listener.close());
      return listener;
    },
    caFile: folder.ca,
    close,
  };
}

async function tokensOf(
  surface: Surface,
  tenantId: string,
  { credentials }: Organisation,
): Promise<Readonly<Record<FuzzCaller, string>>> {
  const tokens = await Promise.all(
    Object.entries(credentials).map(async ([name, { clientId, clientSecret }]) => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${url}/.default`,
      });
      const answer = await surface({
        method: 'POST',
        url: `/${tenantId}/oauth2/v2.0/token`,
        host: new URL(url).host,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(form.toString()),
      });
      const token: unknown = JSON.parse(answer.body.toString()).access_token;
      if (typeof token !== 'string') throw new Error(`no token for ${name}: ${answer.body.toString()}`);
      return [name, token] as const;
    }),
  );
  return Object.fromEntries(tokens) as Record<FuzzCaller, string>;
}
