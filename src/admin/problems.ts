import { Refusal, type Stage } from '../kernel/refusal.ts';

interface AdminProblem {
  readonly stage: Stage;
  readonly status: number;
  /** `{0}`, `{1}` are filled in. */
  readonly text: string;
  /** What the administrator can do about it. */
  readonly fix: string;
}

/** Every refusal of `/portvakt/v1`, by its code. */
export const adminProblems = {
  hostUnknown: {
    stage: 'parse',
    status: 404,
    text: "no environment is served under the host name '{0}'",
    fix: "ask at an environment's own URL, with a token for that URL",
  },
  resourceUnknown: {
    stage: 'parse',
    status: 404,
    text: "there is no resource '{0}'",
    fix: 'see /portvakt/v1/openapi.json',
  },
  methodNotAllowed: {
    stage: 'parse',
    status: 405,
    text: 'the resource does not take {0}',
    fix: 'the header Allow tells what it takes',
  },
  tooManyReaders: {
    stage: 'limit',
    status: 429,
    text: 'as many look at the traffic of this process as may',
    fix: 'close another page that shows it, or wait as long as Retry-After says',
  },
  bodyTooLarge: {
    stage: 'parse',
    status: 413,
    text: 'the body is larger than {0} bytes',
    fix: 'send one object only',
  },
  bodyUnreadable: {
    stage: 'parse',
    status: 400,
    text: 'the body is not a JSON object in UTF-8 with the content type application/json',
    fix: 'send one',
  },
  memberUnknown: {
    stage: 'parse',
    status: 400,
    text: "there is no member '{0}' here",
    fix: 'leave it out; see /portvakt/v1/openapi.json',
  },
  memberMissing: { stage: 'parse', status: 400, text: "the member '{0}' is missing", fix: 'send it' },
  memberInvalid: { stage: 'parse', status: 400, text: "the member '{0}' is not {1}", fix: 'send such a value' },
  optionInvalid: {
    stage: 'parse',
    status: 400,
    text: "the query option '{0}' is not {1}",
    fix: 'send such a value, or leave it out',
  },
  idInvalid: { stage: 'parse', status: 400, text: "'{0}' is not an id", fix: 'ids are GUIDs, as the lists show them' },
  tokenInvalid: {
    stage: 'authenticate',
    status: 401,
    text: '{0}',
    fix: "ask the environment's tenant for a token with the scope <environment URL>/.default",
  },
  notPermitted: {
    stage: 'user',
    status: 403,
    text: 'the application may not administer this installation',
    fix: 'its service principal in the tenant of the first environment needs the role {0}',
  },
  environmentNotYours: {
    stage: 'user',
    status: 403,
    text: "the application may not see entries of the environment '{0}'",
    fix: 'ask at that environment, as one of its System Administrators',
  },
  keysNotSaved: {
    stage: 'run',
    status: 503,
    text: 'the signing keys could not be saved; those in force go on',
    fix: 'see to the disk of the data folder, and look with GET /portvakt/v1/keys which keys are in force',
  },
  auditUnavailable: {
    stage: 'run',
    status: 503,
    text: 'the audit log cannot be written, and nothing is done that cannot be audited',
    fix: 'see to the disk or database of the audit log',
  },
  dataUnavailable: {
    stage: 'run',
    status: 503,
    text: 'the database cannot be used now',
    fix: 'see to the database, and send the request again',
  },
  outcomeUnknown: {
    stage: 'run',
    status: 500,
    text: 'the request may have been carried out, but that could not be confirmed',
    fix: 'look whether it was before you send it again',
  },
  directoryRefused: {
    stage: 'run',
    status: 409,
    text: 'the directory refused the change: {0}',
    fix: 'look at what is there now, then send the request again',
  },
  operatorUnknown: {
    stage: 'run',
    status: 404,
    text: "there is no operator '{0}'",
    fix: 'GET /portvakt/v1/operators',
  },
  nameTaken: {
    stage: 'run',
    status: 409,
    text: 'there is an operator of that name already',
    fix: 'choose another name',
  },
  lastFullOperator: {
    stage: 'run',
    status: 409,
    text: 'somebody must be able to administer: this is the last operator with the role full',
    fix: 'make another one first',
  },
  tenantUnknown: { stage: 'run', status: 404, text: "there is no tenant '{0}'", fix: 'GET /portvakt/v1/tenants' },
  tenantNotEmpty: {
    stage: 'run',
    status: 409,
    text: "the tenant '{0}' is not empty",
    fix: 'delete its environments, then its app registrations and service principals but for the first administrator',
  },
  domainTaken: {
    stage: 'run',
    status: 409,
    text: "the domain '{0}' belongs to a tenant already",
    fix: 'take it from that tenant first',
  },
  domainUnknown: {
    stage: 'run',
    status: 404,
    text: "the tenant has no domain '{0}'",
    fix: 'GET the tenant to see its domains',
  },
  domainIsLast: {
    stage: 'run',
    status: 409,
    text: 'a tenant keeps at least one domain: names of application users are made with it',
    fix: 'add another one first',
  },
  environmentUnknown: {
    stage: 'run',
    status: 404,
    text: "there is no environment '{0}'",
    fix: 'GET /portvakt/v1/environments',
  },
  uniqueNameTaken: {
    stage: 'run',
    status: 409,
    text: "there is an environment, or data of one, with the unique name '{0}'",
    fix: 'choose another name; it stays free only when the data of the old one is gone',
  },
  databaseRoleLimited: {
    stage: 'run',
    status: 409,
    text: "the database role '{0}' may change rows only, so environments can be neither made nor deleted",
    fix: 'serve with the URL of the owner in PORTVAKT_DATABASE_URL meanwhile; see docs/production.md',
  },
  urlTaken: {
    stage: 'run',
    status: 409,
    text: "the host of '{0}' is that of the environment '{1}', or one of its further names",
    fix: 'choose another URL',
  },
  urlNeeded: {
    stage: 'run',
    status: 400,
    text: 'this server is reached under {0}, so the URL of a new environment must be given',
    fix: 'send the member url, and see to its host name and its certificate',
  },
  urlScheme: {
    stage: 'run',
    status: 400,
    text: "the URL must begin with '{0}//', as the server's own does",
    fix: 'send such a URL',
  },
  urlIsSetting: {
    stage: 'run',
    status: 409,
    text: 'the URL of the first environment is a setting',
    fix: 'set PORTVAKT_PUBLIC_URL and start again',
  },
  administratorUnknown: {
    stage: 'run',
    status: 400,
    text: "the tenant has no enabled service principal of the application '{0}'",
    fix: "name an application of the tenant, or one that it has admitted; a new tenant's first is in the answer that made it",
  },
  environmentIsFirst: {
    stage: 'run',
    status: 409,
    text: 'the first environment cannot be deleted: the installation is administered from it',
    fix: 'leave it; to start over, begin with a new data folder and database',
  },
  applicationUserUnknown: {
    stage: 'run',
    status: 404,
    text: "no application user of this environment has the client id '{0}'",
    fix: 'ask at the environment that the application calls; portvakt user list shows its application users',
  },
  webhookUnknown: { stage: 'run', status: 404, text: "there is no webhook '{0}'", fix: 'GET /portvakt/v1/webhooks' },
  webhookUrlRefused: {
    stage: 'run',
    status: 400,
    text: "webhooks cannot be sent to '{0}': the URL {1}",
    fix: 'give an https URL of a public server, or have its network listed in PORTVAKT_WEBHOOK_NETWORKS',
  },
  personUnknown: {
    stage: 'run',
    status: 404,
    text: "the environment has no person '{0}'",
    fix: 'give the id of a row of mshr_dirpersonentities of the environment at whose host you ask',
  },
  personIsWorker: {
    stage: 'run',
    status: 409,
    text: "the person '{0}' cannot be erased: {1} has rows of them",
    fix: "a worker's data is kept by other law; delete those rows when it may go, then erase",
  },
  requestUnknown: {
    stage: 'run',
    status: 404,
    text: "the audit log has no request '{0}' that you may ask about",
    fix: 'take the id from the header of the answer; allowed reads are in the log after a second',
  },
  applicationUnknown: {
    stage: 'parse',
    status: 404,
    text: "the tenant has no application with the client id '{0}'",
    fix: '{1}',
  },
  nameUnknown: { stage: 'parse', status: 400, text: "there is no {0} '{1}'", fix: '{2}' },
  neverAllowed: {
    stage: 'parse',
    status: 400,
    text: 'no right lets anybody {0}: {1}',
    fix: 'ask about something else',
  },
  deliveryNotDead: {
    stage: 'run',
    status: 409,
    text: "the webhook has no delivery '{0}' that was given up",
    fix: 'GET the deliveries with state=dead',
  },
  notConfirmed: {
    stage: 'run',
    status: 400,
    text: 'deleting an environment deletes all of its data, so it must be confirmed',
    fix: 'send its unique name in the query option confirmUniqueName',
  },
} as const satisfies Record<string, AdminProblem>;

export type AdminProblemCode = keyof typeof adminProblems;

/** Values that help to act on a refusal. */
export type AdminDetails = Readonly<Record<string, string | number | readonly string[]>>;

/** A refusal of this surface. `problem.code` is its name in the table. */
export class AdminRefusal extends Refusal {
  readonly details: AdminDetails;

  constructor(code: AdminProblemCode, values: readonly (string | number)[] = [], more: AdminRefusalOptions = {}) {
    const { stage, status, text, fix }: AdminProblem = adminProblems[code];
    super(stage, { status, code, message: fill(text, values) }, more.reason, more.headers);
    this.name = 'AdminRefusal';
    this.details = { fix: fill(fix, values), ...more.details };
  }
}

interface AdminRefusalOptions {
  readonly details?: AdminDetails;
  /** For the log, where it says more than the message. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const fill = (text: string, values: readonly (string | number)[]): string =>
  text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? '').slice(0, 300));
