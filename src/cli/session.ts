import { CliError, exitCodes } from './cli-error.ts';
import { callHttp, type HttpAnswer } from './http-call.ts';
import type { Target } from './target.ts';

/** The surfaces, each with a token of its own. */
export type SurfaceName = 'graph' | 'data' | 'environment';

export interface Ask {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls one server as one application. Tokens are kept for as long as the command runs. */
export class Session {
  readonly target: Target;
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(target: Target) {
    this.target = target;
  }

  /** Microsoft Graph's shape, such as `applications`. */
  readonly graph = (path: string, ask?: Ask): Promise<unknown> => this.#json('graph', `/v1.0/${path}`, ask);
  /** The Web API, such as `roles?$select=name`. */
  readonly webApi = (path: string, ask?: Ask): Promise<unknown> =>
    this.#json('environment', `/api/data/v9.2/${path}`, ask);
  /** Administration of Human Resources, such as `SystemUsers`. */
  readonly data = (path: string, ask?: Ask): Promise<unknown> => this.#json('data', `/data/${path}`, ask);
  /** What only Portvakt has, such as `tenants`. */
  readonly portvakt = (path: string, ask?: Ask): Promise<unknown> =>
    this.#json('environment', `/portvakt/v1/${path}`, ask);

  /**
   * An access token of the application.
   * @throws CliError with the authority's own words when there is none
   */
  token(scope: string): Promise<string> {
    const known = this.#tokens.get(scope) ?? this.#requestToken(scope);
    this.#tokens.set(scope, known);
    return known;
  }

  /** The scope of a surface. */
  scopeOf(surface: SurfaceName): string {
    const { apiUrl, dataUrl } = this.target;
    // A Portvakt tells the two apart by the path; the real product has a host of its own for the second.
    const data = dataUrl === apiUrl ? `${apiUrl}/data` : dataUrl;
    const resources = { graph: 'https://graph.microsoft.com', data, environment: apiUrl };
    return `${resources[surface]}/.default`;
  }

  /** One request to a path of the environment, whatever the answer is. */
  async send(surface: SurfaceName, path: string, { method = 'GET', body, headers }: Ask = {}): Promise<HttpAnswer> {
    const authorization = `Bearer ${await this.token(this.scopeOf(surface))}`;
    return callHttp({
      method,
      url: `${this.#originOf(surface)}${path}`,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers, authorization },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ca: this.target.ca,
    });
  }

  #originOf(surface: SurfaceName): string {
    const { apiUrl, graphUrl, dataUrl } = this.target;
    return { graph: graphUrl, data: dataUrl, environment: apiUrl }[surface];
  }

  /** Every row of a list, page after page. */
  async all(read: (path: string) => Promise<unknown>, path: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const page = parseRow(await read(next));
      rows.push(...parseRows(page['value']));
      const link: unknown = page['@odata.nextLink'];
      next = typeof link === 'string' ? link.replace(/^.*?\/(?:v1\.0|api\/data\/v9\.\d|data)\//, '') : undefined;
    }
    return rows;
  }

  async #json(surface: SurfaceName, path: string, ask?: Ask): Promise<unknown> {
    const prefer: Record<string, string> = ask?.method === 'POST' ? { prefer: 'return=representation' } : {};
    const answer = await this.send(surface, path, { ...ask, headers: { ...prefer, ...ask?.headers } });
    if (answer.status >= 400) throw refusedError(answer);
    return answer.text === '' ? undefined : parseJson(answer);
  }

  async #requestToken(scope: string): Promise<string> {
    const { authorityUrl, clientId, clientSecret, ca } = this.target;
    const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
    const answer = await callHttp({
      method: 'POST',
      url: `${authorityUrl}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(grant).toString(),
      ca,
    });
    const body = parseRow(parseJson(answer));
    if (answer.status !== 200) {
      throw new CliError(`no token: ${body['error_description'] ?? answer.text}`, exitCodes.refused);
    }
    return String(body['access_token']);
  }
}

/** A JSON object of an answer. */
export type Row = Readonly<Record<string, unknown>>;

/** @throws CliError when the answer is something else */
export function parseRow(value: unknown): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('the server answered something else than expected', exitCodes.fault);
  }
  return value as Row;
}

/** @throws CliError when the answer is something else than a list of objects */
export function parseRows(value: unknown): readonly Row[] {
  if (!Array.isArray(value)) throw new CliError('the server did not answer with a list', exitCodes.fault);
  return value.map(parseRow);
}

function parseJson({ status, text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`the answer (${status}) is not JSON: ${text.slice(0, 200)}`, exitCodes.refused);
  }
}

/** Status, code and message of the server's refusal, and the id by which the audit log knows it. */
export function refusedError({ status, headers, text }: HttpAnswer): CliError {
  const id = headers['req_id'] ?? headers['request-id'] ?? headers['x-ms-request-id'];
  const fix = id === undefined ? undefined : `portvakt explain ${id}`;
  return new CliError(`refused: ${status} ${describe(text)}`, exitCodes.refused, fix);
}

/** `code message` of an error body in the shape of OData, else the body itself. */
function describe(text: string): string {
  try {
    const { error } = JSON.parse(text) as {
      error?: { code?: string; message?: string; innererror?: { message?: string } };
    };
    if (error?.message !== undefined) return `${error.code ?? ''} ${error.innererror?.message ?? error.message}`.trim();
  } catch {
    // not JSON: shown as it is
  }
  return text.slice(0, 500);
}
