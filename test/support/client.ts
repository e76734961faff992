import { request as httpsRequest } from 'node:https';
import { localLookup } from './local-lookup.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | undefined>;
  readonly text: string;
  /** The body as JSON; throws when it is not. */
  json(): unknown;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
  readonly token?: string;
}

/** One real HTTPS request that trusts `ca` and nothing else. */
export function ask(ca: string, url: string, { method = 'GET', headers = {}, body, token }: Ask = {}): Promise<Answer> {
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const text = isRaw ? body : JSON.stringify(body);
  const type: Record<string, string> = isRaw ? {} : jsonType;
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      // The name to check the certificate for, whatever the header `Host` says.
      {
        method,
        ca,
        lookup: localLookup,
        servername: new URL(url).hostname,
        headers: { ...type, ...authorization, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const received = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            text: received,
            json: () => JSON.parse(received) as unknown,
          });
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

const jsonType = { 'content-type': 'application/json' };
