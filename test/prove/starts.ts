import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentMiB, startServerProcess } from '../support/process.ts';

export interface StartFigures {
  /** Milliseconds from the start of the process to `/readyz`, of the first start with the demo and of each later one. */
  readonly first: number;
  readonly later: readonly number[];
  /** Resident memory of the idle server after a second start; `undefined` where the system does not tell. */
  readonly idleMiB: number | undefined;
}

/** Starts a server on a new data folder, then again and again on what is there. */
export async function measureStarts(times: number, databaseUrl?: string): Promise<StartFigures> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-starts-'));
  const database = databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: databaseUrl };
  const settings = { PORTVAKT_DATA: dataFolder, PORTVAKT_PORT: '0', ...database };
  const server = await startServerProcess({ settings });
  await server.kill('SIGTERM');
  const later: number[] = [];
  let idleMiB: number | undefined;
  for (let time = 0; time < times; time++) {
    const again = await startServerProcess({ settings });
    later.push(again.readyAfter);
    await new Promise((resolve) => setTimeout(resolve, 500));
    idleMiB = residentMiB(again.pid);
    await again.kill('SIGTERM');
  }
  await rm(dataFolder, { recursive: true });
  return { first: server.readyAfter, later, idleMiB };
}
