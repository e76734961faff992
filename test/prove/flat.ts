import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/open.ts';
import { compareFlat } from '../conformance/compare-flat.ts';
import { Oracle } from '../conformance/oracle.ts';
import { fill, sampleRows } from '../conformance/sample-rows.ts';
import { storeModel } from '../conformance/store-model.ts';
import { sizes } from './sizes.ts';

/** Random joins and groups on a database, compared with the oracle. Throws at the first difference. */
export async function proveFlat(databaseUrl: string | undefined): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'portvakt-flat-'));
  const location =
    databaseUrl === undefined
      ? ({ kind: 'sqlite', file: join(folder, 'flat.db') } as const)
      : ({ kind: 'postgres', url: databaseUrl, schema: 'flat' } as const);
  const database = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
  try {
    const rows = sampleRows(24);
    await fill(database, rows);
    await database.analyze();
    const { runs, seed } = sizes.flatQueries.prove;
    await compareFlat(database, new Oracle(rows), { runs, seed });
    console.log(`${runs} queries for joined rows and ${runs} for groups, seed ${seed}: 0 differences`);
    return true;
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
}
