/** Where in the Web API a request goes. */
export interface ApiAddress {
  /** Absolute URL of the API in the version that the client used, ending in a slash. */
  readonly apiRoot: string;
  /** Percent-encoded path after the version, without a leading slash; empty for the service root. */
  readonly path: string;
  /** Raw query, without the question mark. */
  readonly query: string;
}

const versions = /^\/api\/data\/v(9\.[0-2]|8\.[0-2])(?:\/|$)/;

/** Splits a request's URL; `undefined` when it names no version of the API that is served (dataverse-web-api 4.1). */
export function parseApiAddress(publicUrl: string, url: string): ApiAddress | undefined {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const match = versions.exec(path);
  if (match === null) return undefined;
  return {
    apiRoot: `${publicUrl}/api/data/v${match[1]}/`,
    path: path.slice(match[0].length),
    query: mark < 0 ? '' : url.slice(mark + 1),
  };
}
