/** Hosts whose port does not count: a program on the administrator's machine takes whatever is free (RFC 8252 section 7.3). */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A host that can stand in a header as it is. */
const plainHost = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

/**
 * Where the page may lead to: `asked`, when it equals a registered redirect URI or goes on with further path segments
 * (dataverse-web-api 1.10). Scheme, host and port must be the same, the path begins with the registered one and a slash
 * follows, and the query is the registered one. Paths are compared with regard to case. `undefined`: none is registered.
 *
 * What parsers read differently is refused rather than compared: then nobody can be led elsewhere than it looks.
 */
export function findRedirect(registered: readonly string[], asked: string): URL | undefined {
  const url = parseRedirect(asked);
  if (url === undefined) return undefined;
  return registered.some((each) => covers(parseRedirect(each), url)) ? url : undefined;
}

/** An absolute http or https URL without user information and fragment, written without anything that needs guessing. */
function parseRedirect(text: string): URL | undefined {
  // Backslashes and encoded separators are slashes to some; dot segments leave the folder that was registered.
  if (/[\\\s\p{Cc}]|%2f|%5c|%00|\/(?:\.|%2e){1,2}(?:[/?#]|$)/iu.test(text)) return undefined;
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isBare = url.username === '' && url.password === '' && !text.includes('#') && !/^[^/]*\/\/[^/?]*@/.test(text);
  const isSafe = url.protocol === 'https:' || loopbackHosts.has(url.hostname);
  return isBare && isSafe && plainHost.test(url.hostname) ? url : undefined;
}

function covers(registered: URL | undefined, url: URL): boolean {
  if (registered === undefined || registered.protocol !== url.protocol || registered.hostname !== url.hostname) {
    return false;
  }
  if (registered.port !== url.port && !loopbackHosts.has(url.hostname)) return false;
  if (registered.search !== url.search) return false;
  const folder = registered.pathname.endsWith('/') ? registered.pathname : `${registered.pathname}/`;
  return url.pathname === registered.pathname || url.pathname.startsWith(folder);
}

/** The redirect with these parameters added to its query. */
export function redirectTo(redirect: URL, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(redirect);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.append(name, value);
  return url.href;
}
