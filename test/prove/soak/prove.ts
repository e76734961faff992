import { Cluster } from '../../support/cluster.ts';
import { sizes } from '../sizes.ts';
import { isSteady, printSoak } from './print.ts';
import { soak } from './run.ts';

/**
 * Soaks a server and prints how it went. On PostgreSQL it has a server of its own that flushes what it commits, as one in
 * service does: that of the tests does not, and its capacity would be another one.
 */
export async function proveSoak(databaseUrl: string | undefined, minutes: number | undefined): Promise<boolean> {
  const { seconds, ...size } = sizes.soak.prove;
  const cluster = databaseUrl === undefined ? undefined : await Cluster.start();
  try {
    await cluster?.keepWord();
    const soaked = await soak(cluster?.url, { ...size, seconds: minutes === undefined ? seconds : 60 * minutes });
    for (const line of printSoak(soaked)) console.log(line);
    return isSteady(soaked);
  } finally {
    await cluster?.close();
  }
}
