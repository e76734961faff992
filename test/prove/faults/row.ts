import type { Stored, Told } from './load.ts';

/** One line of the fault table. */
export interface FaultRow {
  readonly fault: string;
  readonly acknowledged: number;
  /** Of the acknowledged. */
  readonly found: number;
  readonly lost: number;
  /** Candidates that are there more than once, or without their person, or though they were refused to the end. */
  readonly doubled: number;
  /** Whose outcome the client was not told, or was told to be unknown. */
  readonly unknown: number;
  /** Attempts, and those of them that were not acknowledged. */
  readonly requests: number;
  readonly errors: number;
  /** Milliseconds from the end of the fault to the answer to the first create that was sent after it and acknowledged. */
  readonly recovery: number;
  /** Milliseconds of the answer that took longest. */
  readonly longest: number;
  /** Answers that no client can act on. */
  readonly wrong: readonly string[];
  /** Figures of this fault alone. */
  readonly remarks?: string;
}

/** Holds what was told against what is stored. */
export function makeRow(fault: string, recovery: number, told: Told, { whole, half }: Stored): FaultRow {
  const found = told.acknowledged.filter((name) => whole.has(name)).length;
  const twice = [...whole.values()].filter((count) => count > 1).length;
  return {
    fault,
    acknowledged: told.acknowledged.length,
    found,
    lost: told.acknowledged.length - found,
    doubled: twice + half + told.refused.filter((name) => whole.has(name)).length,
    unknown: told.unknown.length,
    requests: told.requests,
    errors: told.errors,
    recovery,
    longest: told.longest,
    wrong: told.wrong,
  };
}

/** Of a fault that could not be made, or had no end. */
export const brokenRow = (fault: string, why: string): FaultRow => ({
  ...{ fault, acknowledged: 0, found: 0, lost: 0, doubled: 0, unknown: 0, requests: 0, errors: 0 },
  ...{ recovery: Number.NaN, longest: Number.NaN, wrong: [why] },
});

/** Several rounds of one fault: sums, and the slowest recovery. */
export function sumRows(fault: string, rows: readonly FaultRow[]): FaultRow {
  const sum = (of: (row: FaultRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    fault,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    found: sum(({ found }) => found),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    unknown: sum(({ unknown }) => unknown),
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    recovery: Math.max(...rows.map(({ recovery }) => recovery)),
    longest: Math.max(...rows.map(({ longest }) => longest)),
    wrong: rows.flatMap(({ wrong }) => wrong),
  };
}

/** Nothing lost, nothing doubled, every answer one that a client can act on; and something was tried at all. */
export const isSound = ({ acknowledged, lost, doubled, wrong }: FaultRow): boolean =>
  acknowledged > 0 && lost === 0 && doubled === 0 && wrong.length === 0;

export const tableHead: readonly string[] = [
  '| fault | acknowledged | found | lost | doubled | unknown | errors | recovery ms | longest answer ms |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
];

export function printRow(row: FaultRow): string {
  const { fault, acknowledged, found, lost, doubled, unknown, requests, errors, recovery, longest } = row;
  const rate = `${((100 * errors) / Math.max(1, requests)).toFixed(1)} %`;
  const cells = [fault, acknowledged, found, lost, doubled, unknown, rate, Math.round(recovery), Math.round(longest)];
  return `| ${cells.join(' | ')} |`;
}
