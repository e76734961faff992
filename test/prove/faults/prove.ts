import { sizes } from '../sizes.ts';
import { type FaultRow, isSound, printRow, tableHead } from './row.ts';
import { strikeAll } from './run.ts';

/**
 * Prints the fault table at full size as it grows, then what single rows say beside it, and how long they took.
 * @param part of the names of rows that are wanted; all of them without one
 */
export async function proveFaults(databaseUrl: string | undefined, part = ''): Promise<boolean> {
  for (const line of tableHead) console.log(line);
  const rows: FaultRow[] = [];
  const isWanted = (fault: string): boolean => fault.includes(part);
  const taken = await strikeAll(
    databaseUrl,
    sizes.faults.prove,
    (row) => {
      rows.push(row);
      console.log(printRow(row));
    },
    isWanted,
  );
  console.log();
  for (const { fault, remarks } of rows) if (remarks !== undefined) console.log(`${fault}: ${remarks}`);
  for (const { fault, wrong } of rows) for (const answer of new Set(wrong)) console.log(`${fault}: ${answer}`);
  for (const { rows: faults, seconds } of taken) console.log(`${Math.round(seconds)} s: ${faults.join(', ')}`);
  console.log(`none of these lines may take longer than ${sizes.faults.prove.longest} minutes`);
  return rows.every(isSound);
}
