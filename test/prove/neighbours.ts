import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnvLines } from '../../src/kernel/env-file.ts';
import { administratorToken, makeEnvironment, makeTenant } from '../support/administration.ts';
import { requestToken } from '../support/connection.ts';
import { databaseSettings } from '../support/database.ts';
import { localLookup } from '../support/local-lookup.ts';
import { startServerProcess } from '../support/process.ts';
import { sizes } from './sizes.ts';

/** What a good client sees: milliseconds, and answers that are not 200. */
interface Seen {
  readonly asked: number;
  readonly middle: number;
  readonly p99: number;
  readonly failed: number;
}

/**
 * A good client of one environment, alone and beside another environment that is hammered, on one server. Well when none of
 * its requests fails and it waits less than half as long as those who hammer.
 */
export async function proveNeighbours(databaseUrl: string | undefined): Promise<boolean> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-neighbours-'));
  const settings = { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', PORTVAKT_SEED: 'empty' };
  const server = await startServerProcess({ settings: { ...settings, ...databaseSettings(databaseUrl) } });
  const env = parseEnvLines(await readFile(join(dataFolder, 'admin.env'), 'utf8'));
  const of = (name: string): string => env.get(name) ?? '';
  const credentials = { id: of('ADMIN_CLIENT_ID'), secret: of('ADMIN_CLIENT_SECRET') };
  const token = () => requestToken(server.ca, of('AUTHORITY_URL'), credentials, `${server.url}/.default`);
  const installation = { url: server.url, ca: server.ca, token };
  const tenant = await makeTenant(installation, 'Fjord');
  const callerOfNew = async (name: string): Promise<Call> => {
    const { url } = await makeEnvironment(installation, tenant, name);
    return callerOf(server.ca, url, await administratorToken(installation, tenant, `${url}/.default`));
  };
  const good = await callerOfNew('god');
  const noisy = await callerOfNew('braak');
  const alone = await measure(good);
  const hammer = startHammer(noisy);
  const beside = await measure(good);
  const hammering = await hammer.stop();
  await server.kill('SIGTERM');
  await rm(dataFolder, { recursive: true });
  console.log('| client | requests | middle ms | p99 ms | failed |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, seen] of Object.entries({ 'good, alone': alone, 'good, beside': beside, hammering })) {
    console.log(`| ${name} | ${seen.asked} | ${seen.middle.toFixed(1)} | ${seen.p99.toFixed(1)} | ${seen.failed} |`);
  }
  console.log(`the good one waits ${(hammering.middle / beside.middle).toFixed(1)} times less than those who hammer`);
  return beside.failed === 0 && beside.middle * 2 < hammering.middle;
}

type Call = (agent: Agent) => Promise<number>;

const callerOf = (ca: string, url: string, token: string): Call => {
  const target = `${url}/api/data/v9.2/roles?$select=name&$top=20`;
  return (agent) =>
    new Promise((resolve) => {
      const asked = request(target, { ca, agent, lookup: localLookup, headers: { authorization: `Bearer ${token}` } });
      asked.on('response', (response) => {
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      });
      asked.on('error', () => resolve(0));
      asked.end();
    });
};

/** Asks again and again on one connection until `isOver`, and takes the times. */
async function ask(call: Call, agent: Agent, isOver: (asked: number) => boolean): Promise<readonly Timed[]> {
  const all: Timed[] = [];
  while (!isOver(all.length)) {
    const began = performance.now();
    const status = await call(agent);
    all.push({ ms: performance.now() - began, isWell: status === 200 });
  }
  return all;
}

interface Timed {
  readonly ms: number;
  readonly isWell: boolean;
}

function seenIn(all: readonly Timed[]): Seen {
  const times = all.map(({ ms }) => ms).sort((one, other) => one - other);
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return { asked: all.length, middle: at(0.5), p99: at(0.99), failed: all.filter(({ isWell }) => !isWell).length };
}

async function measure(call: Call): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const all = await ask(call, agent, (asked) => asked >= sizes.neighbours.prove.requests);
  agent.destroy();
  return seenIn(all);
}

/** Many that send as soon as the last answer is there, until they are stopped. */
function startHammer(call: Call): { stop(): Promise<Seen> } {
  let isOver = false;
  const agent = new Agent({ keepAlive: true });
  const loops = Array.from({ length: sizes.neighbours.prove.connections }, () => ask(call, agent, () => isOver));
  return {
    async stop() {
      isOver = true;
      const all = await Promise.all(loops);
      agent.destroy();
      return seenIn(all.flat());
    },
  };
}
