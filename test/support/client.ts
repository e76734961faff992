import { Agent, request as httpsRequest } from 'node:https';
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

/** What a client waits for, that a server in its own process has done when it answers. */
export interface SeveralProcesses {
  /** Resolves when the log of the test has what was written about the request. */
  logged(answer: Answer): Promise<void>;
  /** Resolves when what was changed is in force in all processes. Told the URL of an environment that was made. */
  settle(ca: string, environment: string | undefined): Promise<void>;
}

/** By port. */
const severalProcesses = new Map<string, SeveralProcesses>();

/** Requests to that port open a connection each, and are over when the log has them, and what they changed is in force. */
export function settleWith(port: string, processes: SeveralProcesses): () => void {
  severalProcesses.set(port, processes);
  return () => severalProcesses.delete(port);
}

/** The same after a client that is not this one may have changed something. */
export async function settleAll(): Promise<void> {
  for (const processes of severalProcesses.values()) await processes.settle('', undefined);
}

const freshConnections = new Agent({ keepAlive: false });

/** One real HTTPS request that trusts `ca` and nothing else. */
export async function ask(ca: string, url: string, options: Ask = {}): Promise<Answer> {
  const processes = severalProcesses.get(new URL(url).port);
  if (processes === undefined) return askOnce(ca, url, options);
  const answer = await askOnce(ca, url, options, freshConnections);
  await processes.logged(answer);
  const changes = options.method !== undefined && options.method !== 'GET';
  if (changes) await processes.settle(ca, madeEnvironment(url, answer));
  return answer;
}

function madeEnvironment(url: string, { status, json }: Answer): string | undefined {
  if (status !== 201 || !url.endsWith('/portvakt/v1/environments')) return undefined;
  return String((json() as { url?: unknown }).url);
}

function askOnce(
  ca: string,
  url: string,
  { method = 'GET', headers = {}, body, token }: Ask,
  agent?: Agent,
): Promise<Answer> {
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const text = isRaw ? body : JSON.stringify(body);
  const type: Record<string, string> = isRaw ? {} : jsonType;
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      // The name to check the certificate for, whatever the header `Host` says.
      {
        ...(agent === undefined ? {} : { agent }),
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
