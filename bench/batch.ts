import { type Measurement, measure, median, type Shot } from './load.ts';
import type { Running } from './processes.ts';

/** Reads in one batch. */
const reads = 100;
const rounds = 3;

/** A batch of point reads of `paths`, as clients send it. */
function batchOf(path: string, headers: Record<string, string>, paths: readonly string[]): Shot {
  const part = (url: string): string =>
    `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET ${url} HTTP/1.1\r\nAccept: application/json\r\n\r\n`;
  const body = `${paths.map(part).join('')}--b--\r\n`;
  return { method: 'POST', path, headers: { ...headers, 'content-type': 'multipart/mixed; boundary=b' }, body };
}

export interface BatchCost {
  readonly single: Measurement;
  readonly batch: Measurement;
  /** What a read in a batch costs beside one in a request of its own: of the time, and of the server's CPU. */
  readonly time: number;
  readonly cpu: number;
  /** Of the time that one client waits which asks for one row after the other. */
  readonly wait: number;
}

/** A batch of 100 reads beside 100 requests, in alternation. `shot` is the single read, `pathOf` the path of the nth. */
export async function measureBatch(
  server: Running,
  shot: Shot,
  batchPath: string,
  pathOf: (n: number) => string,
  seconds: number,
): Promise<BatchCost> {
  const paths = Array.from({ length: reads }, (_, n) => pathOf(n));
  const batchShot = batchOf(batchPath, shot.headers, paths);
  const [singles, batches]: [Measurement[], Measurement[]] = [[], []];
  // The first requests of a kind are those of a cold server, which is not what is asked.
  for (const each of [shot, batchShot]) await measure(server, server.origin, each, seconds);
  for (let round = 0; round < rounds; round++) {
    singles.push(await measure(server, server.origin, shot, seconds));
    batches.push(await measure(server, server.origin, batchShot, seconds));
  }
  const [single, batch] = [median(singles), median(batches)];
  const alone = await measure(server, server.origin, shot, seconds, 1);
  const batchAlone = await measure(server, server.origin, batchShot, seconds, 1);
  return {
    single,
    batch,
    time: single.perSecond / (batch.perSecond * reads),
    cpu: batch.cpu / (single.cpu * reads),
    wait: alone.perSecond / (batchAlone.perSecond * reads),
  };
}
