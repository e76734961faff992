import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { refuse } from '../odata/problems.ts';
import { serviceDocument } from '../odata/service-document.ts';
import type { ApiAddress } from './address.ts';
import { notImplemented } from './errors.ts';
import { answerMetadata } from './metadata-document.ts';
import { baseHeaders, jsonType } from './render.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** Parts of the Web API that later versions bring. They answer 501, whatever stands behind them in the path. */
const laterResources = ['ManagedPropertyDefinitions'];

const endsName = (char: string | undefined): boolean => char === undefined || char === '/' || char === '(';

const readMethods: readonly string[] = ['GET', 'HEAD'];

/** The API's own documents: service document and `$metadata`. `undefined` for everything else. */
export function findServiceResource(
  environment: WebApiEnvironment,
  address: ApiAddress,
  request: HttpRequest,
): HttpResponse | undefined {
  const later = laterResources.find((name) => address.path.startsWith(name) && endsName(address.path[name.length]));
  if (later !== undefined) throw notImplemented(later);
  if (address.path !== '' && address.path !== '$metadata') return undefined;
  if (!readMethods.includes(request.method)) throw refuse.methodNotAllowed(request.method, readMethods);
  if (address.path === '') {
    const body = JSON.stringify(serviceDocument(environment.model.entitySet, `${address.apiRoot}$metadata`));
    return { status: 200, headers: { ...baseHeaders(), 'Content-Type': jsonType }, body };
  }
  return answerMetadata(environment, address, request);
}
