import type { Config } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { disbursementRows } from './demo/disbursements.ts';
import { Directory } from './directory/directory.ts';
import { generateSecret } from './directory/secret.ts';
import { type Environment, openEnvironment } from './environment/environment.ts';
import type { EnvironmentRecord } from './environment/environment-record.ts';
import { createFirstEnvironment, type FirstEnvironment } from './environment/first-environment.ts';
import type { Installation } from './environment/installation.ts';
import { createGraphSurface } from './graph/surface.ts';
import type { Audit } from './kernel/audit.ts';
import type { Clock } from './kernel/clock.ts';
import type { HttpResponse } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import { builtInModel } from './metadata/built-in.ts';
import type { Model } from './metadata/table.ts';
import { openIssuers } from './open-issuers.ts';
import type { Surfaces } from './routes.ts';
import type { Database } from './storage/database.ts';
import { TokenAuthority } from './token/authority.ts';
import { fileKeyStore } from './token/file-key-store.ts';
import type { OutsideIssuers } from './token/issuers/outside-issuers.ts';
import { KeyRing } from './token/key-ring.ts';
import { createResourceDirectory, type ResourceDirectory } from './token/resources.ts';
import { TokenVerifier } from './token/verify.ts';
import { createWebApi } from './webapi/web-api.ts';

/** What the parts of one server share. */
export interface Parts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly installation: Installation;
  /** Origin of the first environment and of the authority. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  /** Takes what must be closed when the server stops. */
  readonly onClose: (close: () => Promise<void>) => void;
}

export type OpenSurfaces = Omit<Surfaces, 'isReady'>;

export interface Opened {
  readonly surfaces: OpenSurfaces;
  readonly directory: Directory;
  readonly environments: readonly Environment[];
  /** The environment that was made just now; `undefined` on every start but the first. */
  readonly first: FirstEnvironment | undefined;
}

/** Opens the environments, makes the first one where there is none, and joins all stages to surfaces. */
export async function openSurfaces(parts: Parts): Promise<Opened> {
  const { installation, folder, clock, log, url, audit } = parts;
  const model = builtInModel();
  const [directory, keys] = await Promise.all([
    Directory.open(installation.directory, clock),
    KeyRing.open({ store: fileKeyStore(folder.keys), times: parts.config.keys, clock, log, audit }),
  ]);
  parts.onClose(() => keys.close());
  const { outside, federatedKeys } = openIssuers(parts, directory);
  const verifier = new TokenVerifier({ directory, keys, publicUrl: url, outside });
  const { list, first } = await openEnvironments(parts, { directory, verifier, outside, model });
  const aliases = aliasesOf(url);
  const authority = new TokenAuthority({
    directory,
    keys,
    publicUrl: url,
    aliases,
    clock,
    log,
    issuerKeys: federatedKeys,
    lifetimeSeconds: parts.config.keys.lifetime,
    assertionReplay: parts.config.assertionReplay,
    audit,
    resources: resourcesOf(list),
  });
  const find = byHost(list, url, aliases);
  return {
    first,
    directory,
    environments: list,
    surfaces: {
      token: (request) => authority.handle(request),
      webApi: createWebApi((host) => find(host)?.webApi, log),
      finops: async (request) => (await find(request.host)?.finops(request)) ?? noEnvironment(request.host),
      graph: createGraphSurface({
        directory,
        verifier,
        publicUrl: url,
        clock,
        log,
        audit,
        // Secrets of the demo are where form and Basic encodings go wrong.
        ...(first !== undefined && parts.config.seed === 'demo' ? { generateSecret: demoSecret } : {}),
      }),
    },
  };
}

const resourcesOf = (list: readonly Environment[]): ResourceDirectory =>
  createResourceDirectory(list.map(({ publicUrl, record }) => ({ url: publicUrl, tenantId: record.tenantId })));

const noEnvironment = (host: string): HttpResponse => ({
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: `no environment is served under the host name '${host}'\n`,
});

interface Shared {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly outside: OutsideIssuers;
  readonly model: Model;
}

async function openEnvironments(
  parts: Parts,
  shared: Shared,
): Promise<{ list: readonly Environment[]; first: FirstEnvironment | undefined }> {
  const { installation, clock } = parts;
  const records = await installation.listEnvironments();
  if (records.length === 0) {
    const provided = parts.config.seed === 'demo' ? [disbursements] : [];
    const first = await createFirstEnvironment(installation, shared.directory, shared.model, clock(), provided);
    return { list: [await openOne(parts, shared, first.record, first.database)], first };
  }
  const list: Environment[] = [];
  for (const record of records) {
    list.push(await openOne(parts, shared, record, await installation.openDatabase(record, shared.model)));
  }
  return { list, first: undefined };
}

const disbursements = { table: 'mserp_payintv1bankaccountdisbursemententity', rows: disbursementRows };

function openOne(parts: Parts, shared: Shared, record: EnvironmentRecord, database: Database): Promise<Environment> {
  // Before the rest is opened: what follows may fail, and the file must be let go all the same.
  parts.onClose(() => database.close());
  const { config, clock, log, url, audit } = parts;
  const publicUrl = record.url ?? url;
  return openEnvironment({
    ...shared,
    record,
    publicUrl,
    authorityUrl: url,
    database,
    fidelity: config.fidelity,
    clock,
    log,
    audit,
  });
}

/** Further hosts of a server on the loopback interface: what people type for `localhost`. */
function aliasesOf(url: string): readonly string[] {
  const { hostname, port } = new URL(url);
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  return loopback.includes(hostname)
    ? loopback.filter((name) => name !== hostname).map((name) => `${name}:${port}`)
    : [];
}

/** The environment that a request's host names. Aliases lead to the one whose URL is the server's own. */
function byHost(list: readonly Environment[], url: string, aliases: readonly string[]) {
  const hosts = new Map(list.map((environment) => [new URL(environment.publicUrl).host, environment]));
  const own = hosts.get(new URL(url).host);
  if (own !== undefined) for (const alias of aliases) hosts.set(alias, own);
  return (host: string): Environment | undefined => hosts.get(host.toLowerCase());
}

const demoSecret = () => generateSecret({ reservedCharacters: true });
