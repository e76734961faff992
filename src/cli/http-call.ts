import { lookup } from 'node:dns';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { systemCode } from '../start-error.ts';
import { CliError, exitCodes } from './cli-error.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM text of a CA that is trusted besides the well-known ones. */
  readonly ca?: string | undefined;
}

const timeout = 60_000;

/**
 * One request; redirects are answers.
 * @throws CliError when there is no answer: nobody there, a certificate that is not trusted, or 60 seconds have passed
 */
export function callHttp({ method, url, headers, body, ca }: HttpCall): Promise<HttpAnswer> {
  const options: RequestOptions & { ca?: string[] } = { method, headers: { ...headers }, timeout, lookup: localLookup };
  if (ca !== undefined) options.ca = [...rootCertificates, ca];
  return new Promise<HttpAnswer>((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeout / 1000} seconds`)));
    request.on('error', reject);
    request.end(body);
  }).catch((error: unknown) => {
    throw unreachableError(new URL(url).origin, error);
  });
}

/** Names under `.localhost` lead to this machine (RFC 6761 section 6.3), also where the resolver does not know them. */
const localLookup: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith('.localhost')) return lookup(hostname, options, callback);
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

const trustFix = 'name the CA in NODE_EXTRA_CA_CERTS (a development CA is data/tls/ca.pem of the server)';

/** What the codes of Node.js mean to the user. */
const causes: Readonly<Record<string, { readonly what: string; readonly fix: string }>> = {
  ECONNREFUSED: { what: 'nothing listens there', fix: 'start the server: portvakt start' },
  ENOTFOUND: { what: 'the host name is not known', fix: 'check API_URL' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { what: 'its certificate is not trusted', fix: trustFix },
  SELF_SIGNED_CERT_IN_CHAIN: { what: 'its certificate is not trusted', fix: trustFix },
  DEPTH_ZERO_SELF_SIGNED_CERT: { what: 'its certificate is not trusted', fix: trustFix },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { what: 'its certificate is not trusted', fix: trustFix },
  CERT_HAS_EXPIRED: { what: 'its certificate has expired', fix: 'renew the certificate of the server' },
  ERR_TLS_CERT_ALTNAME_INVALID: { what: 'its certificate is for other host names', fix: 'check API_URL' },
  EPROTO: { what: 'it does not speak HTTPS', fix: 'check API_URL: http or https' },
};

function unreachableError(origin: string, error: unknown): CliError {
  const code = systemCode(error);
  const { what, fix } = causes[code] ?? { what: error instanceof Error ? error.message : code, fix: undefined };
  return new CliError(`${origin} cannot be reached: ${what}`, exitCodes.unreachable, fix);
}
