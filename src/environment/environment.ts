import type { HrLimits } from '../adapter/hr-limits.ts';
import type { Provider } from '../adapter/provider.ts';
import type { OpenSources } from '../adapter/providers/open-sources.ts';
import { DataverseSecurity } from '../dataverse/dataverse-security.ts';
import { findApplicationUser } from '../dataverse/find-user.ts';
import { type FollowedDirectory, followDirectory } from '../dataverse/follow-directory.ts';
import type { ApplicationDirectory, DirectoryApplication } from '../dataverse/native/native-deps.ts';
import { admitWebAppUser, type WebAppUser } from '../dataverse/web-app-user.ts';
import type { Directory } from '../directory/directory.ts';
import type { RetryRules } from '../events/back-off.ts';
import { Dispatcher } from '../events/dispatcher.ts';
import type { SecretBox } from '../events/secret-box.ts';
import { createSender, type SendOptions } from '../events/send-webhook.ts';
import { WebhookAdministration } from '../events/webhook-administration.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import { createFinopsSurface } from '../finops/surface.ts';
import { HrSecurity } from '../hr/hr-security.ts';
import { linkWebAppUser } from '../hr/web-app-user.ts';
import type { Audit } from '../kernel/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Surface } from '../kernel/http.ts';
import type { ClientId, TenantId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { andThen } from '../kernel/maybe-promise.ts';
import type { Peers } from '../kernel/peers.ts';
import type { Probe } from '../kernel/probe.ts';
import type { Model } from '../metadata/table.ts';
import type { Fidelity } from '../odata/fidelity.ts';
import { RememberedParser } from '../odata/remembered-parser.ts';
import { entityHooks } from '../recruiting/entities/all.ts';
import { compileEntityRules } from '../recruiting/entity-rules.ts';
import { PersonData } from '../recruiting/person/person-data.ts';
import { type ProcessReader, readProcess } from '../recruiting/process/read-process.ts';
import type { Database, DatabaseLoad } from '../storage/database.ts';
import type { Caller } from '../token/caller.ts';
import { challengeFor } from '../token/challenge.ts';
import type { OutsideApplication, OutsideIssuers } from '../token/issuers/outside-issuers.ts';
import type { OutsideSurface } from '../token/issuers/trusted-issuer.ts';
import {
  type AudienceTest,
  dataverseAudience,
  finopsAudience,
  outsideDataverseAudience,
  outsideFinopsAudience,
} from '../token/resources.ts';
import type { TokenVerifier } from '../token/verify.ts';
import { shapesAsked } from '../webapi/shapes-asked.ts';
import type { WebApiEnvironment } from '../webapi/web-api-environment.ts';
import { definitionMessages } from './definition-messages.ts';
import { type EnvironmentRecord, hostsAt, type ServerAddress } from './environment-record.ts';
import { viewOf } from './environment-view.ts';
import { Freezer } from './freezer.ts';
import { type Generation, LiveModel, modelOf } from './live-model.ts';
import { metadataDocuments } from './metadata-documents.ts';
import { startRetention } from './retention-job.ts';
import { createRunners } from './runners.ts';

/** One environment in service: its rows, its security, its two surfaces. Nothing of it is shared with another one. */
export interface Environment {
  readonly record: EnvironmentRecord;
  /** Origin without a trailing slash; its host name decides which requests come here. */
  readonly publicUrl: string;
  readonly webApi: WebApiEnvironment;
  readonly finops: Surface;
  /** Freezes and thaws it, as the record says. Resolves when no write that began before is under way. */
  readonly freezer: Freezer;
  readonly webhooks: WebhookAdministration;
  readonly people: PersonData;
  readonly recruiting: ProcessReader;
  /** What explanations look at. */
  readonly view: EnvironmentView;
  /** Lets one of the web app's own applications through both gates. Done again, it mends what was changed since. */
  admitWebApp(user: WebAppUser): Promise<void>;
  /** The same environment, with the same rows and the same security, under another name or URL. */
  renamed(record: EnvironmentRecord, publicUrl: string): Environment;
  /** How much its database has to do at the moment. */
  load(): DatabaseLoad;
  close(): Promise<void>;
}

/** How webhooks are sent, and what seals their secrets; the same for all environments of a server. */
export interface EventDeps {
  readonly box: SecretBox;
  readonly send: SendOptions;
  readonly retry: RetryRules;
}

export interface EnvironmentDeps {
  readonly record: EnvironmentRecord;
  readonly publicUrl: string;
  /** Of the process: the token authority of all environments. Its aliases lead to the environment at its own URL. */
  readonly server: ServerAddress;
  /** Does the process's own authority issue tokens? Without it clients are sent to an outside issuer. */
  readonly hasAuthority: boolean;
  readonly model: Model;
  /** Filled with the base rows already. */
  readonly database: Database;
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly outside: OutsideIssuers;
  readonly fidelity: Fidelity;
  /** `undefined`: Human Resources counts nothing. */
  readonly hrLimits: HrLimits | undefined;
  /** Sources of rows besides the database. */
  readonly sources: OpenSources;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly peers: Peers;
  readonly probe: Probe;
  readonly events: EventDeps;
}

/** Loads the security data of an environment and joins its stages. */
export async function openEnvironment(deps: EnvironmentDeps): Promise<Environment> {
  const { record, model, database, directory } = deps;
  const [security, hrSecurity] = await Promise.all([
    DataverseSecurity.load(database, modelOf(database.opened.definitions, model)),
    HrSecurity.load(model, database),
  ]);
  const following = followDirectory({
    ...deps,
    rows: database,
    security,
    find: (clientId) => findApplication(directory, record.tenantId, clientId, () => undefined),
    onChange: (listener) =>
      directory.onChange((change) => listener(change.kind === 'application' ? change.clientId : undefined)),
  });
  const freezer = new Freezer(record.uniqueName, record.isFrozen);
  const rows = freezer.over(database);
  const live = new LiveModel({ environmentId: record.id, database, freezer, security, base: model, peers: deps.peers });
  const { box, send, retry } = deps.events;
  const { clock, log } = deps;
  const store = database.events;
  const dispatcher = new Dispatcher({ store, box, send: createSender(send), retry, clock, log });
  const webhooks = new WebhookAdministration({ store, box, dispatcher, addresses: send, clock });
  const currentModel = (): Model => live.current.model;
  const people = new PersonData(rows, currentModel);
  const endRetention = startRetention(
    { store: database, model: currentModel, people: new PersonData(database, currentModel), events: store },
    deps,
  );
  return joinSurfaces(deps, {
    security,
    hrSecurity,
    live,
    following,
    dispatcher,
    webhooks,
    people,
    endRetention,
    freezer,
    rows,
  });
}

/** What stays when an environment gets another URL: security that requests in flight change is the one in force. */
interface Inside {
  readonly security: DataverseSecurity;
  readonly hrSecurity: HrSecurity;
  readonly live: LiveModel;
  readonly following: FollowedDirectory;
  readonly dispatcher: Dispatcher;
  readonly webhooks: WebhookAdministration;
  readonly people: PersonData;
  readonly endRetention: () => Promise<void>;
  readonly freezer: Freezer;
  /** For all that callers ask for. */
  readonly rows: ReturnType<Freezer['over']>;
}

function joinSurfaces(deps: EnvironmentDeps, inside: Inside): Environment {
  const { record, publicUrl, model, database, log, audit } = deps;
  const { security, hrSecurity } = inside;
  const authenticate = authenticatorOf(deps);
  const authenticateForData = authenticate('data', finopsAudience(publicUrl), outsideFinopsAudience(publicUrl));
  const webApis = openGenerations(
    deps,
    inside,
    authenticate('webApi', dataverseAudience(publicUrl), outsideDataverseAudience(publicUrl)),
  );
  // Human Resources knows client ids alone; that one is the issuer's to use is what its application user says.
  const requireUser = (caller: Caller): Caller => {
    if (caller.outside !== undefined) findApplicationUser(security.current, caller.clientId, caller.objectId);
    return caller;
  };
  return {
    record,
    publicUrl,
    get webApi() {
      return webApis.current;
    },
    finops: createFinopsSurface({
      environmentId: record.id,
      publicUrl,
      model,
      store: inside.rows,
      hrSecurity,
      authenticate: (request) => andThen(authenticateForData(request.headers['authorization']), requireUser),
      clock: deps.clock,
      log,
      audit,
    }),
    freezer: inside.freezer,
    webhooks: inside.webhooks,
    people: inside.people,
    recruiting: { process: () => readProcess(database, inside.live.current.model) },
    view: viewOf({
      ...deps,
      ...inside,
      id: record.id,
      tenantId: record.tenantId,
      url: publicUrl,
      model: () => inside.live.current.model,
      isElsewhere: (table) => deps.sources.providersFor(inside.live.current.model).has(table),
      shapesAsked: (request) => shapesAsked(webApis.current, request),
    }),
    // One process after the other: two that find nothing would make two users.
    admitWebApp: (user) =>
      deps.peers.alone(`web app ${record.id}`, async () => {
        await database.maintain(async (rows) => {
          await admitWebAppUser(rows, inside.live.current.model, user);
          await linkWebAppUser(rows, model, user);
        });
        await Promise.all([security.refresh(), hrSecurity.refresh()]);
      }),
    renamed: (newRecord, newUrl) => joinSurfaces({ ...deps, record: newRecord, publicUrl: newUrl }, inside),
    load: () => database.load(),
    async close() {
      await inside.endRetention();
      await inside.dispatcher.stop();
      await inside.following.stop();
      inside.live.close();
      await deps.sources.close();
      await database.close();
    },
  };
}

/** For one surface of the environment: `Authorization` header to `Caller`. */
function authenticatorOf(deps: EnvironmentDeps) {
  const { server, hasAuthority, publicUrl, verifier, outside, clock } = deps;
  const { tenantId } = deps.record;
  const authorizationUri = outside.findAuthorizationUri(tenantId, publicUrl);
  const challenge = challengeFor(hasAuthority ? server.url : undefined, tenantId, publicUrl, authorizationUri);
  return (surface: OutsideSurface, audiences: AudienceTest, isOwnAudience: AudienceTest) => {
    const addressee = { surface, url: publicUrl, isOwnAudience };
    return (authorization: string | undefined) =>
      verifier.authenticate(authorization, { audiences, tenantId, now: clock(), challenge, outside: addressee });
  };
}

/** The Web API of the environment: another one whenever the model has changed. Human Resources' own tables never do. */
function openGenerations(
  deps: EnvironmentDeps,
  inside: Inside,
  authenticate: WebApiEnvironment['authenticate'],
): { readonly current: WebApiEnvironment } {
  const make = (generation: Generation): WebApiEnvironment => ({
    ...documentsOf(deps, generation.model),
    ...stagesOf(deps, inside, generation),
    dataverse: inside.security,
    authenticate,
    latest: () => generations.current,
    changeDefinitions: (work) => inside.live.change(work),
  });
  let shown = inside.live.current;
  let made = make(shown);
  const generations = {
    get current() {
      if (inside.live.current !== shown) {
        shown = inside.live.current;
        made = make(shown);
      }
      return made;
    },
  };
  return generations;
}

/** What the Web API knows of the model: how to read requests, and the document that describes it. */
function documentsOf({ record, publicUrl, server, fidelity, clock, probe }: EnvironmentDeps, model: Model) {
  return {
    id: record.id,
    publicUrl,
    hosts: hostsAt(publicUrl, server),
    model,
    fidelity,
    clock,
    probe,
    parser: new RememberedParser(),
    metadataDocument: metadataDocuments(model, fidelity),
  };
}

/** Who carries out what the first gate has granted. */
function stagesOf(
  { record, publicUrl, directory, outside, clock, hrLimits, sources, probe }: EnvironmentDeps,
  { security, hrSecurity, live, rows, freezer }: Inside,
  { model, customization, inFlight }: Generation,
): ReturnType<typeof createRunners> {
  const applications = applicationsOf(directory, record.tenantId, (clientId) =>
    outside.findApplication(record.tenantId, publicUrl, clientId),
  );
  const native = {
    model,
    rows,
    security,
    now: clock,
    organizationId: record.id,
    tenantId: record.tenantId,
    organizationName: record.uniqueName,
    friendlyName: record.name,
    publicUrl,
    directory: applications,
    definitions: definitionMessages(live, { model, customization }),
  };
  const rules = compileEntityRules(model, entityHooks, clock);
  return createRunners({
    native,
    hrSecurity,
    rules,
    inFlight,
    hrLimits,
    probe,
    elsewhere: new Map([...sources.providersFor(model)].map(([table, each]) => [table, unlessFrozen(each, freezer)])),
  });
}

/** Rows at another source are rows of the environment as well. */
const unlessFrozen = (provider: Provider, freezer: Freezer): Provider => ({
  async run(operation, session, differences) {
    if (operation.kind === 'write') freezer.check();
    return provider.run(operation, session, differences);
  },
});

type FindOutside = (clientId: ClientId) => OutsideApplication | undefined;

/**
 * The directory as native tables see it: applications that have a service principal in this tenant, and those that an
 * outside issuer vouches for.
 */
export function applicationsOf(
  directory: Directory,
  tenantId: TenantId,
  findOutside: FindOutside = () => undefined,
): ApplicationDirectory {
  return { find: async (clientId) => findApplication(directory, tenantId, clientId, findOutside) };
}

function findApplication(
  directory: Directory,
  tenantId: TenantId,
  clientId: ClientId,
  findOutside: FindOutside,
): DirectoryApplication | undefined {
  const snapshot = directory.current;
  const principal = snapshot.findServicePrincipal(tenantId, clientId);
  const tenant = snapshot.findTenant(tenantId);
  const known = principal && { objectId: principal.id, name: principal.displayName };
  const application = known ?? findOutside(clientId);
  if (application === undefined || tenant === undefined) return undefined;
  return { clientId, ...application, identifierUri: undefined, tenantDomain: tenant.domains[0] ?? '' };
}
