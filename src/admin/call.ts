import type { AuditKeeper } from '../audit/audit-keeper.ts';
import type { Directory } from '../directory/directory.ts';
import type { InstallationAccess } from '../directory/installation-roles.ts';
import type { WebhookAdministration } from '../events/webhook-administration.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { type EnvironmentId, type Guid, parseGuid } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Caller } from '../token/caller.ts';
import type { AuditReader } from './audit.ts';
import type { EnvironmentAdministration } from './environment-administration.ts';
import type { KeyAdministration } from './keys.ts';
import type { Members } from './members.ts';
import type { OperatorAdministration } from './operators.ts';
import type { PeopleAdministration } from './people.ts';
import { AdminRefusal } from './problems.ts';
import type { RecruitingAdministration } from './recruiting.ts';
import type { TrafficSource } from './traffic.ts';

/** One request, authenticated and permitted, with what an operation needs to carry it out. */
export interface AdminCall {
  readonly caller: Caller;
  readonly directory: Directory;
  readonly environments: EnvironmentAdministration;
  /** Origin of the token authority and of the first environment, without a trailing slash. */
  readonly authorityUrl: string;
  readonly request: HttpRequest;
  /** Values of the `{name}` segments of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly log: Log;
  readonly readAudit: AuditReader;
  readonly auditKeeper: AuditKeeper;
  readonly keys: KeyAdministration;
  readonly operators: OperatorAdministration;
  readonly traffic: TrafficSource;
  /** Of the environment at whose host it is asked. */
  readonly webhooks: WebhookAdministration;
  readonly people: PeopleAdministration;
  readonly recruiting: RecruitingAdministration;
  /** The environment at whose host it is asked, as explanations look at it. */
  readonly view: EnvironmentView;
  /** Any environment; `undefined` where there is none with that id. */
  readonly findView: (id: EnvironmentId) => EnvironmentView | undefined;
  /** The caller administers no more than this environment: it is shown and changed what is of it, nothing else. */
  readonly onlyEnvironment: EnvironmentId | undefined;
}

export type AdminAnswer =
  | { readonly status: 204 }
  | { readonly status: 200; readonly body: object }
  /** Server-sent events. */
  | { readonly status: 200; readonly stream: NonNullable<HttpResponse['stream']> }
  /** `location` follows `/portvakt/v1/`. */
  | { readonly status: 201; readonly body: object; readonly location: string };

/** One operation: how it is reached, who may, what it takes and gives, and what it does. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After `/portvakt/v1/`, with `{name}` for segments that vary. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly access: InstallationAccess;
  /** Also for the System Administrators of the environment at whose host it is asked (`onlyEnvironment`). */
  readonly isForEnvironment?: true;
  /** Also for who holds the application permission to recruit, in the environment at whose host it is asked. */
  readonly isForRecruiting?: true;
  /** Members of the body; absent where there is none. */
  readonly members?: Members;
  /** Query options: name -> what it is for. */
  readonly options?: Readonly<Record<string, string>>;
  /** Status and name of the schema of a success; no schema: no body. */
  readonly success: { readonly status: 200 | 201 | 204; readonly schema?: string };
  run(call: AdminCall): Promise<AdminAnswer>;
}

/** An id in the path. @throws AdminRefusal 400 when it is none */
export function getId<T extends Guid>({ parameters }: AdminCall, name = 'id'): T {
  const text = parameters[name] ?? '';
  const id = parseGuid<T>(text);
  if (id === undefined) throw new AdminRefusal('idInvalid', [text]);
  return id;
}
