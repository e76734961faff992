import { request as httpRequest } from 'node:http';
import type { Shot } from './load.ts';

/** An answer, without what each connection has of its own. */
export interface Recorded {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function send(origin: string, shot: Shot): Promise<Recorded> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${origin}${shot.path}`, { method: shot.method, headers: shot.headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const headers = { ...(response.headers as Record<string, string>) };
        for (const name of ['date', 'connection', 'keep-alive']) delete headers[name];
        resolve({ status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(shot.body);
  });
}

/** The answer to one request. Throws when it is a refusal. */
export async function record(origin: string, shot: Shot): Promise<Recorded> {
  const answer = await send(origin, shot);
  if (answer.status >= 400) throw new Error(`${shot.path} answers ${answer.status}: ${answer.body}`);
  return answer;
}
