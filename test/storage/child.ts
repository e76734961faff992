import { createInterface } from 'node:readline';
import { openDatabase } from '../../src/storage/open.ts';
import { id, person, storeModel, values } from '../conformance/store-model.ts';

/**
 * A process of its own for tests: `hold <file>` opens a database and waits; `write <file> <first>` adds rows without end
 * and names each one once it is acknowledged.
 */
const [, , task = '', file = '', first = '1'] = process.argv;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<void> {
  const database = await openDatabase({
    tables: storeModel.tables,
    alphabet: 'nb',
    location: { kind: 'sqlite', file },
  });
  say('open');
  if (task === 'hold') {
    createInterface({ input: process.stdin });
    return;
  }
  let next = Number(first);
  const write = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      const row = values(person, { pv_personid: id(n), pv_name: `row ${n}`, pv_notes: 'x'.repeat(n % 3000) });
      await database.maintain((rows) => rows.insert(person, row));
      say(String(n));
    }
  };
  await Promise.all([write(), write(), write(), write()]);
}

main().catch((error: unknown) => {
  say(`error ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
