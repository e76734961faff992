import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../support/connection.ts';
import { startServerProcess } from '../../support/process.ts';
import { provedSettings } from '../proved-settings.ts';
import { type Kind, Mix } from './mix.ts';
import { ServerWatch, type Watched } from './watch.ts';

export interface SoakSize {
  /** Seconds of the soak, and of the measurement of the capacity before it. */
  readonly seconds: number;
  readonly calibrate: number;
  /** Clients that send one request after the other while the capacity is measured. */
  readonly clients: number;
  /** Of the capacity. */
  readonly share: number;
}

export interface Soaked {
  /** Requests a second: what the server could do at the beginning, what was asked of it, and what was answered. */
  readonly capacity: number;
  readonly asked: number;
  readonly answered: number;
  readonly errors: readonly string[];
  /** Milliseconds from the moment that a request was due to its answer. */
  readonly times: ReadonlyMap<Kind, readonly number[]>;
  readonly watched: Watched;
}

/** Requests under way at most; what is due beyond waits, and its time counts. */
const mostAtOnce = 256;
const metricsToken = 'soak-soak-soak-soak';

/** Measures the capacity for a mix of requests, then asks for a share of it for a long time. */
export async function soak(databaseUrl: string | undefined, size: SoakSize): Promise<Soaked> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'portvakt-soak-'));
  const server = await startServerProcess({
    settings: { ...provedSettings(dataFolder, databaseUrl), PORTVAKT_METRICS_TOKEN: metricsToken },
  });
  try {
    const mix = await Mix.open(await connect(server.url, dataFolder), 100);
    // Compiled by then, and the caches are full.
    await closedLoop(mix, size.calibrate, size.clients);
    const { done, errors } = await closedLoop(mix, size.calibrate, size.clients);
    const capacity = done / size.calibrate;
    const watch = new ServerWatch(server, metricsToken);
    const sent = await openLoop(mix, size.seconds, size.share * capacity);
    const watched = await watch.end();
    const all = [...errors, ...sent.errors, ...watch.errors];
    return {
      capacity,
      asked: size.share * capacity,
      answered: sent.answered / size.seconds,
      errors: all,
      times: sent.times,
      watched,
    };
  } finally {
    await server.kill('SIGTERM');
    await rm(dataFolder, { recursive: true });
  }
}

/** Clients that send one request after the other. */
async function closedLoop(mix: Mix, seconds: number, clients: number): Promise<{ done: number; errors: string[] }> {
  const end = performance.now() + 1000 * seconds;
  const errors: string[] = [];
  let done = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const wrong = await mix.send(mix.next());
      if (wrong !== undefined) errors.push(wrong);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { done, errors };
}

/** Requests that are due at their time, whether those before them were answered or not. */
async function openLoop(mix: Mix, seconds: number, perSecond: number) {
  const began = performance.now();
  const count = Math.floor(seconds * perSecond);
  const times = new Map<Kind, number[]>();
  const errors: string[] = [];
  const underWay = new Set<Promise<void>>();
  const sendOne = async (due: number): Promise<void> => {
    const kind = mix.next();
    const wrong = await mix.send(kind);
    if (wrong !== undefined) errors.push(wrong);
    const known = times.get(kind) ?? [];
    times.set(kind, known);
    known.push(performance.now() - due);
  };
  for (let at = 0; at < count; at++) {
    const due = began + (1000 * at) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    if (underWay.size >= mostAtOnce) await Promise.race(underWay);
    const sending: Promise<void> = sendOne(due).finally(() => underWay.delete(sending));
    underWay.add(sending);
  }
  await Promise.all(underWay);
  return { answered: count / ((performance.now() - began) / 1000 / seconds), errors, times };
}
