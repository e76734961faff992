import type { HttpResponse } from '../../../src/kernel/http.ts';
import { marker } from './organisation.ts';
import type { FuzzRequest } from './requests.ts';
import type { FuzzWorld } from './world.ts';

/** Milliseconds of processor that an answer may take: many times what the dearest one does. */
const longestWork = 2000;
/** Milliseconds until an answer that has not come counts as one that never will. */
const longestWait = 20_000;

export interface Checked {
  readonly status: number;
  /** Milliseconds of processor. */
  readonly work: number;
}

/** Sends a request to the surface. Throws an `Error` that says what must never be, when it is. */
export async function check(world: FuzzWorld, request: FuzzRequest): Promise<Checked> {
  const began = process.cpuUsage();
  const answer = await soon(
    world.surface({
      method: request.method,
      url: `/api/data/v9.2/${request.url}`,
      host: world.host,
      remoteAddress: '127.0.0.1',
      headers: { ...request.headers, authorization: `Bearer ${world.tokens[request.caller]}` },
      body: Buffer.from(request.body),
    }),
  );
  const { user, system } = process.cpuUsage(began);
  const work = (user + system) / 1000;
  const text = answer.body.toString();
  const [fault] = world.takeFaults();
  if (fault !== undefined) throw new Error(`a fault of ours: ${fault}`);
  if (answer.status >= 500 && answer.status !== 501) throw new Error(`status ${answer.status}: ${text.slice(0, 500)}`);
  if (request.caller !== 'admin' && text.includes(marker)) throw new Error(`a row that may not be seen: ${text}`);
  if (work > longestWork) throw new Error(`it took ${Math.round(work)} ms of the processor`);
  refuseMalformed(answer, text);
  return { status: answer.status, work };
}

async function soon(answer: Promise<HttpResponse>): Promise<HttpResponse> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${longestWait} ms`)), longestWait);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Clients read what the type says. */
function refuseMalformed({ status, headers }: HttpResponse, text: string): void {
  if ((status === 204 || status === 304) && text !== '')
    throw new Error(`${status} with a body: ${text.slice(0, 200)}`);
  if (headers['Content-Type']?.startsWith('application/json') === true) JSON.parse(text);
  for (const [name, value] of Object.entries(headers)) {
    // What node:http would refuse to send would be a 500.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new Error(`the header ${name} cannot be sent: ${JSON.stringify(value)}`);
  }
}

/** Are the rows that only the administrator may see still there, as they were? Throws when not. */
export async function checkHidden(world: FuzzWorld): Promise<void> {
  const read = async (path: string): Promise<string> => {
    const answer = await world.surface({
      method: 'GET',
      url: `/api/data/v9.2/${path}`,
      host: world.host,
      headers: { authorization: `Bearer ${world.tokens.admin}` },
      body: Buffer.alloc(0),
    });
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status} ${answer.body.toString()}`);
    return answer.body.toString();
  };
  const sets = [
    ['mshr_hcmrecruitingrequestentities', 2],
    ['mshr_hcmcandidatetohireentities', 1],
    ['mshr_hcmtitleentities', 1],
    ['mshr_hcmratingmodelentities', 1],
    ['teams', 1],
    ['roles', 1],
    ['businessunits', 1],
  ] as const;
  for (const [set, count] of sets) {
    const rows: readonly object[] = JSON.parse(await read(set)).value;
    const found = rows.filter((row) => JSON.stringify(row).includes(marker)).length;
    if (found < count) throw new Error(`${count - found} of the hidden rows of ${set} are gone`);
  }
}
