import { messageNames } from '../dataverse/message-catalog.ts';
import type { HttpRequest } from '../kernel/http.ts';
import type { RequestInput } from '../odata/parse-operation.ts';
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
