/**
 * What setting up the demo needs of a client with an administrator's tokens. Paths are relative to the surface:
 * `/v1.0/`, `/api/data/v9.2/` and `/data/`. Every method throws on a refusal, with a message that names the operation.
 */
export interface SeedClient {
  /** @returns the JSON body of the answer */
  graph(method: Method, path: string, body?: unknown): Promise<unknown>;
  /**
   * `representation` sends `Prefer: return=representation`, so that a create answers the row.
   * @returns the JSON body, if there is one, and the value of the header `OData-EntityId`
   */
  webapi(
    method: Method,
    path: string,
    body?: unknown,
    options?: { readonly representation?: boolean },
  ): Promise<Answer>;
  /** @returns the JSON body of the answer */
  data(method: Method, path: string, body?: unknown): Promise<unknown>;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Answer {
  readonly body: unknown;
  readonly entityId: string | undefined;
}
