import { join } from 'node:path';
import { HrLimits } from './adapter/hr-limits.ts';
import { openSources } from './adapter/providers/open-sources.ts';
import type { SourceSettings } from './adapter/providers/sources-file.ts';
import type { AuditReader } from './admin/audit.ts';
import { createAdminSurface } from './admin/surface.ts';
import type { AuditKeeper } from './audit/audit-keeper.ts';
import { checkTrustedIssuers } from './check-issuers.ts';
import type { Config } from './config.ts';
import { createConsentSurface } from './consent/surface.ts';
import type { DataFolder } from './data-folder.ts';
import { findApplicationUser } from './dataverse/find-user.ts';
import { disbursementRows } from './demo/disbursements.ts';
import { Directory } from './directory/directory.ts';
import { generateSecret } from './directory/secret.ts';
import { type Environment, type EventDeps, openEnvironment } from './environment/environment.ts';
import { EnvironmentKeeper } from './environment/environment-keeper.ts';
import { aliasesOf, type EnvironmentRecord, environmentUrl } from './environment/environment-record.ts';
import { Environments } from './environment/environments.ts';
import { createFirstEnvironment, type FirstEnvironment } from './environment/first-environment.ts';
import type { Installation } from './environment/installation.ts';
import { webAppPlaces } from './environment/web-app-places.ts';
import { createGraphSurface } from './graph/surface.ts';
import type { Audit } from './kernel/audit.ts';
import type { Clock } from './kernel/clock.ts';
import { FairShare, ShareFull } from './kernel/fair-share.ts';
import type { HttpResponse, Surface } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import type { Probe } from './kernel/probe.ts';
import { Refusal } from './kernel/refusal.ts';
import { builtInModel } from './metadata/built-in.ts';
import type { Model } from './metadata/table.ts';
import { openEvents } from './open-events.ts';
import { issuerRulesOf, openIssuers } from './open-issuers.ts';
import type { Surfaces } from './routes.ts';
import { openSignIn, type SignIn } from './sign-in/open-sign-in.ts';
import { StartError } from './start-error.ts';
import type { Database } from './storage/database.ts';
import { TokenAuthority } from './token/authority.ts';
import type { Caller } from './token/caller.ts';
import { fileKeyStore } from './token/file-key-store.ts';
import type { OutsideIssuers } from './token/issuers/outside-issuers.ts';
import { KeyRing } from './token/key-ring.ts';
import { TokenVerifier } from './token/verify.ts';
import type { Traffic } from './traffic/traffic.ts';
import { createWebAppSurface } from './web-app/surface.ts';
import { ServiceLimits, scaledLimits } from './webapi/service-limits.ts';
import { createWebApi } from './webapi/web-api.ts';

/** What the parts of one server share. */
export interface Parts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly installation: Installation;
  /** Origin of the first environment and of the authority. */
  readonly url: string;
  /** The port that was bound. */
  readonly port: number;
  /** Sees to it that the server's certificate holds these hosts. */
  readonly cover: (hosts: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  /** Told of what is done, as it is done. */
  readonly probe: Probe;
  readonly traffic: Traffic;
  readonly readAudit: AuditReader;
  readonly auditKeeper: AuditKeeper;
}

interface OpenParts extends Parts {
  /** Takes what must be closed when the server stops. */
  readonly onClose: (close: () => Promise<void>) => void;
}

export type OpenSurfaces = Omit<Surfaces, 'isReady' | 'metrics'>;

export interface Opened {
  readonly surfaces: OpenSurfaces;
  readonly directory: Directory;
  readonly environments: Environments;
  readonly signIn: SignIn;
  readonly keys: KeyRing;
  /** The environment that was made just now; `undefined` on every start but the first. */
  readonly first: FirstEnvironment | undefined;
}

/** Opens the environments, makes the first one where there is none, and joins all stages to surfaces. */
export async function openSurfaces(parts: OpenParts): Promise<Opened> {
  const { installation, folder, clock, log, url, audit } = parts;
  const [directory, keys] = await Promise.all([
    Directory.open(installation.directory, clock, installation.peers),
    KeyRing.open({
      store: fileKeyStore(folder.keys),
      times: parts.config.keys,
      clock,
      log,
      audit,
      peers: installation.peers,
    }),
  ]);
  parts.onClose(() => keys.close());
  const { outside, federatedKeys } = openIssuers(parts, directory);
  const isOn = parts.config.authority === 'on';
  const verifier = new TokenVerifier({ directory, keys, publicUrl: url, outside, acceptsOwn: isOn });
  const { limits } = parts.config;
  const hrLimits = limits === undefined ? undefined : new HrLimits(limits, clock);
  const events = await openEvents(parts.config, folder.keys);
  const shared = { directory, verifier, outside, model: builtInModel(), hrLimits, events };
  const { environments, keeper, first } = await openEnvironments(parts, shared);
  const urls = environments.list().map(({ publicUrl }) => publicUrl);
  checkTrustedIssuers(parts.config.issuers.trusted, { directory: directory.current, url, environments: urls }, log);
  const aliases = aliasesOf(parts);
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
    resources: environments.resources,
    peers: installation.peers,
  });
  const common = { directory, publicUrl: url, clock, log, audit };
  const signIn = openSignIn({
    ...common,
    keys,
    store: installation.directory,
    peers: installation.peers,
    lifetimeSeconds: parts.config.keys.lifetime,
    hasAuthority: isOn,
    findPlace: webAppPlaces(environments, directory, clock),
    openId: parts.config.openId,
    issuers: issuerRulesOf(parts.config),
  });
  const admin = createAdminSurface({
    ...common,
    environments: keeper,
    findEnvironment: placesOf(environments),
    findView: (id) => environments.list().find(({ record }) => record.id === id)?.view,
    readAudit: parts.readAudit,
    auditKeeper: parts.auditKeeper,
    keys,
    operators: signIn.operators,
    traffic: parts.traffic,
  });
  const graph = createGraphSurface({
    ...common,
    verifier,
    authorizationUri: isOn ? `${url}/common/oauth2/authorize` : outside.soleAuthorizationUri,
    // Secrets of the demo are where form and Basic encodings go wrong.
    ...(first !== undefined && parts.config.seed === 'demo' ? { generateSecret: demoSecret } : {}),
  });
  return {
    first,
    directory,
    environments,
    signIn,
    keys,
    surfaces: {
      ...signIn.guard({ ...environmentSurfaces(environments, parts), admin, graph }),
      token: isOn ? (request) => authority.handle(request) : turnedOff,
      consent: isOn ? createConsentSurface({ ...common, peers: installation.peers }) : turnedOff,
      webApp: createWebAppSurface(webAppFolder),
    },
  };
}

/** Requests of one environment that wait, in each process: less than half of what a process takes at all. */
const mostWaiting = 900;

/** The surfaces of which each environment has its own, found by the host of a request. */
function environmentSurfaces(
  environments: Environments,
  { config, log, audit, clock, traffic }: Pick<Parts, 'config' | 'log' | 'audit' | 'clock' | 'traffic'>,
): Pick<OpenSurfaces, 'webApi' | 'finops'> {
  const limits = config.limits === undefined ? undefined : new ServiceLimits(scaledLimits(config.limits), clock);
  if (limits !== undefined) traffic.showLimits(() => limits.nearest(5));
  const webApi = createWebApi({ find: (host) => environments.find(host)?.webApi, log, audit, limits });
  const finops: Surface = async (request) =>
    (await environments.find(request.host)?.finops(request)) ?? noEnvironment(request.host);
  /** A request that was under way when its environment was deleted finds its database closed. */
  const orGone =
    (surface: Surface): Surface =>
    async (request) => {
      try {
        return await surface(request);
      } catch (error) {
        if (environments.find(request.host) !== undefined) throw error;
        return noEnvironment(request.host);
      }
    };
  const share = new FairShare({ most: config.environmentRequests, mostATurn: 4, longest: mostWaiting });
  /** Where there are several, a request of one does not wait behind all those of another one. */
  const inTurn =
    (surface: Surface): Surface =>
    async (request) => {
      const environment = environments.count > 1 ? environments.find(request.host) : undefined;
      if (environment === undefined) return surface(request);
      try {
        return await share.run(environment.record.id, async () => surface(request));
      } catch (error) {
        if (error instanceof ShareFull) return { status: 503, headers: { 'retry-after': '1' }, body: '' };
        throw error;
      }
    };
  return { webApi: inTurn(orGone(webApi)), finops: inTurn(orGone(finops)) };
}

/** What administration needs of the environment at whose host it is asked. */
const placesOf = (environments: Environments) => (host: string) => {
  const environment = environments.find(host);
  return (
    environment && {
      id: environment.record.id,
      tenantId: environment.record.tenantId,
      webhooks: environment.webhooks,
      people: environment.people,
      recruiting: environment.recruiting,
      view: environment.view,
      authenticate: environment.webApi.authenticate,
      isAdministrator: (caller: Caller) => isAdministrator(environment, caller),
    }
  );
};

function isAdministrator({ webApi }: Environment, { clientId, outside, objectId }: Caller): boolean {
  try {
    return findApplicationUser(webApi.dataverse.current, clientId, outside && objectId).isSystemAdministrator;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Of an authority that is turned off: nobody is told more by it than by an address that nothing is served at. */
const turnedOff: Surface = async () => ({
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'no tokens are issued here: the server takes those of other issuers only\n',
});

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
  /** One for all environments, as that of the Web API is; `undefined`: nothing is counted. */
  readonly hrLimits: HrLimits | undefined;
  readonly events: EventDeps;
}

interface OpenEnvironments {
  readonly environments: Environments;
  readonly keeper: EnvironmentKeeper;
  readonly first: FirstEnvironment | undefined;
}

async function openEnvironments(parts: OpenParts, shared: Shared): Promise<OpenEnvironments> {
  const { installation } = parts;
  const environments = new Environments(parts);
  const open = (record: EnvironmentRecord, database: Database) => openOne(parts, shared, record, database);
  const cover = (urls: readonly string[]) => parts.cover(urls.map((each) => new URL(each).hostname));
  const keeper = new EnvironmentKeeper({ ...parts, ...shared, server: parts, environments, open, cover });
  const add = async (record: EnvironmentRecord, database: Database): Promise<void> => {
    // Before the rest is opened: what follows may fail, and the file must be let go all the same.
    parts.onClose(() => database.close());
    await keeper.enter(record, database);
  };
  const records = (await installation.listEnvironments()).filter((record) => record.isReady);
  for (const record of records) await add(record, await installation.openDatabase(record, shared.model));
  const first = records.length > 0 ? undefined : await makeFirst(parts, shared);
  if (first !== undefined) await add(first.record, first.database);
  parts.onClose(() => keeper.close());
  // What another process has made since the list was read.
  if (installation.peers.count > 1 && first === undefined) await keeper.follow();
  return { environments, keeper, first };
}

function makeFirst({ config, installation, clock }: Parts, { directory, model }: Shared): Promise<FirstEnvironment> {
  if (config.authority === 'off') {
    const missing = 'a new installation has no administrator of another issuer yet';
    throw new StartError(`PORTVAKT_AUTHORITY=off cannot be used: ${missing}; see docs/outside-issuers.md`);
  }
  if (config.seed === 'demo' && config.sources.length > 0) {
    throw new StartError(
      'PORTVAKT_PROVIDERS needs PORTVAKT_SEED=empty on the first start: the demo has rows of its own',
    );
  }
  const provided = config.seed === 'demo' ? [disbursements] : [];
  return createFirstEnvironment(installation, directory, model, clock(), provided);
}

const disbursements = { table: 'mserp_payintv1bankaccountdisbursemententity', rows: disbursementRows };

/** A source without an environment is the first one's. */
const isOf = ({ environment }: SourceSettings, { uniqueName, place }: EnvironmentRecord): boolean =>
  environment === undefined ? place.kind === 'server' : environment === uniqueName;

const openOne = (parts: Parts, shared: Shared, record: EnvironmentRecord, database: Database): Promise<Environment> =>
  openEnvironment({
    ...shared,
    record,
    publicUrl: environmentUrl(record, parts),
    server: parts,
    hasAuthority: parts.config.authority === 'on',
    database,
    fidelity: parts.config.fidelity,
    hrLimits: shared.hrLimits,
    sources: openSources(
      parts.config.sources.filter((source) => isOf(source, record)),
      parts,
    ),
    clock: parts.clock,
    log: parts.log,
    audit: parts.audit,
    probe: parts.probe,
    peers: parts.installation.peers,
    events: shared.events,
  });

/** Beside the compiled server; the same when it runs from source. */
const webAppFolder = join(import.meta.dirname, '..', 'dist', 'admin-ui');

const demoSecret = () => generateSecret({ reservedCharacters: true });
