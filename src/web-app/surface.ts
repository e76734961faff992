import { randomBytes } from 'node:crypto';
import type { HttpRequest, HttpResponse, Surface } from '../kernel/http.ts';
import { type Encoding, type WebAppFile, WebAppFolder } from './files.ts';
import { contentSecurityPolicy, securityHeaders } from './headers.ts';

/** Stands in the built `index.html` wherever the nonce of a response belongs. */
const noncePlaceholder = '__PORTVAKT_NONCE__';
const root = '/app/';

/**
 * The files of the web app: `/` leads to `/app/`, files are at their own addresses below it, and every other address
 * below it is the app's own, which its page knows what to do with.
 * @param folder where the build has left them
 */
export function createWebAppSurface(folder: string): Surface {
  const app = new WebAppFolder(folder);
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plain(405, `${request.method} means nothing here`, { Allow: 'GET, HEAD' });
    }
    const path = pathOf(request.url);
    if (path === '/' || path === '/app') return redirectToApp();
    if (!path.startsWith(root)) return plain(404, 'nothing is served here; see docs/urls.md');
    const files = await app.files();
    if (files === undefined) return plain(501, notBuilt);
    const name = path.slice(root.length);
    const file = name === 'index.html' ? undefined : files.get(name);
    if (file !== undefined) return renderFile(request, name, file);
    const index = files.get('index.html');
    if (index === undefined || name.startsWith('assets/') || !acceptsHtml(request)) {
      return plain(404, 'the web app has no such file');
    }
    return renderIndex(index.bytes);
  };
}

const notBuilt = 'the web app has not been built: run `npm run build`, then load this page again';

function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

/** To the app alone, whatever was sent along. */
const redirectToApp = (): HttpResponse => ({
  status: 302,
  headers: { ...securityHeaders, Location: root, 'Cache-Control': 'no-cache' },
  body: '',
});

const acceptsHtml = ({ headers }: HttpRequest): boolean => /text\/html|\*\/\*/.test(headers['accept'] ?? '*/*');

/** The nonce is another one in every answer, so no answer is kept. */
function renderIndex(bytes: Buffer): HttpResponse {
  const nonce = randomBytes(18).toString('base64url');
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
    },
    body: bytes.toString('utf8').replaceAll(noncePlaceholder, nonce),
  };
}

/** Names under `assets/` hold a hash of what is in them: such a file never changes. */
async function renderFile({ headers: sent }: HttpRequest, name: string, file: WebAppFile): Promise<HttpResponse> {
  const headers: Record<string, string> = {
    ...securityHeaders,
    // For files that browsers open by themselves, such as an SVG with a script in it.
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Content-Type': file.type,
    ETag: file.etag,
    'Cache-Control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
  };
  if (sent['if-none-match'] === file.etag) return { status: 304, headers, body: '' };
  const encoding = file.isCompressible ? encodingFor(sent['accept-encoding']) : undefined;
  if (encoding === undefined) return { status: 200, headers, body: file.bytes };
  headers['Content-Encoding'] = encoding;
  return { status: 200, headers, body: await file.compressed(encoding) };
}

/** Browsers send both, without weights; what a client has excluded is not used (RFC 9110 section 12.5.3). */
function encodingFor(accepted = ''): Encoding | undefined {
  const named = new Set(
    accepted
      .toLowerCase()
      .split(',')
      .map((each) => each.trim().split(/\s*;\s*/))
      .filter(([, weight]) => weight === undefined || !/^q=0(\.0*)?$/.test(weight))
      .map(([name]) => name),
  );
  return (['br', 'gzip'] as const).find((each) => named.has(each));
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { ...securityHeaders, ...headers, 'Content-Type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
});
