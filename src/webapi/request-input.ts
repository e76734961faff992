import { messageNames } from '../dataverse/message-catalog.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { KeyBook } from '../odata/alternate-key.ts';
import { Asking } from '../odata/asking.ts';
import { Differences } from '../odata/fidelity.ts';
import { type ParsedRequest, parseOperation, type RequestInput } from '../odata/parse-operation.ts';
import type { ApiAddress } from './address.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** What parsing one request adds to the request itself. */
type Parsing = Required<Pick<RequestInput, 'differences' | 'asking' | 'keys'>> &
  Partial<Pick<RequestInput, 'references' | 'longestUrl'>>;

/** A request to an environment as the parser takes it. */
export const requestInput = (
  environment: WebApiEnvironment,
  address: ApiAddress,
  request: HttpRequest,
  parsing: Parsing,
): RequestInput => ({
  model: environment.model,
  method: request.method === 'HEAD' ? 'GET' : request.method,
  path: address.path,
  query: address.query,
  headers: request.headers,
  body: request.body,
  apiRoot: address.apiRoot,
  hosts: environment.hosts,
  messages: messageNames,
  ...parsing,
});

/**
 * Reads a request that is not carried out. Not by the parser that remembers: who may not ask must not push out what others
 * ask again and again.
 * @throws Refusal 400, 404, 405, 415, 501
 */
export const parseApart = (environment: WebApiEnvironment, address: ApiAddress, request: HttpRequest): ParsedRequest =>
  parseOperation(
    requestInput(environment, address, request, {
      differences: new Differences(environment.fidelity),
      asking: new Asking(environment.clock, () => undefined),
      keys: new KeyBook(),
    }),
  );
