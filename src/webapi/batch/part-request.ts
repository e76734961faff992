import type { HttpRequest } from '../../kernel/http.ts';
import { type BatchPart, refuseBatch } from '../../odata/batch/batch.ts';
import type { References } from '../../odata/batch/references.ts';
import { type ApiAddress, parseApiAddress } from '../address.ts';
import { inheritImpersonation } from '../find-asker.ts';

/** The batch that a part belongs to. */
export interface OuterRequest {
  readonly publicUrl: string;
  /** Names and ports that lead here, in lower case. */
  readonly hosts: readonly string[];
  readonly address: ApiAddress;
  readonly request: HttpRequest;
}

/** A part as a request of its own, with its place in the API. Throws a `Refusal` for one that may not be in a batch. */
export function partRequest(
  outer: OuterRequest,
  part: BatchPart,
  references: References,
): { readonly address: ApiAddress; readonly request: HttpRequest } {
  refuseOtherIdentity(outer.request, part);
  const found = addressOf(outer, part.url);
  const address = { ...found, path: references.resolvePath(found.path) };
  if (address.path === '$batch') throw refuseBatch('a batch cannot hold another one');
  const url = `${address.path}${address.query === '' ? '' : `?${address.query}`}`;
  const headers = inheritImpersonation(withEtags(part.headers, references), outer.request.headers);
  return { address, request: { method: part.method, url, host: outer.request.host, headers, body: part.body } };
}

/** The batch was authenticated; a part that brings somebody else's token must not be answered as the batch's caller. */
function refuseOtherIdentity({ headers }: HttpRequest, part: BatchPart): void {
  const own = part.headers['authorization'];
  if (own !== undefined && own !== headers['authorization']) {
    throw refuseBatch('a part cannot have an Authorization of its own');
  }
}

function addressOf({ publicUrl, hosts, address }: OuterRequest, url: string): ApiAddress {
  const absolute = /^https?:\/\/([^/?#]*)/i.exec(url);
  if (absolute === null && !url.startsWith('/')) {
    const mark = url.indexOf('?');
    return {
      apiRoot: address.apiRoot,
      path: mark < 0 ? url : url.slice(0, mark),
      query: mark < 0 ? '' : url.slice(mark + 1),
    };
  }
  const isOurs = absolute === null || hosts.includes((absolute[1] ?? '').toLowerCase());
  const found = isOurs ? parseApiAddress(publicUrl, url.slice(absolute?.[0].length ?? 0)) : undefined;
  if (found === undefined) throw refuseBatch(`'${url.slice(0, 200)}' is not a URL of this service`);
  return found;
}

const preconditions = ['if-match', 'if-none-match'] as const;

/** `If-Match: $1`: the ETag of what that request gave (OData 4.01). */
function withEtags(headers: BatchPart['headers'], references: References): BatchPart['headers'] {
  let resolved = headers;
  for (const name of preconditions) {
    const value = headers[name];
    if (value?.startsWith('$') === true) resolved = { ...resolved, [name]: references.resolveEtag(value) };
  }
  return resolved;
}
